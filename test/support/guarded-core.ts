import { createGuard } from '../../src/guard/guard.ts';
import type { GuardPorts } from '../../src/guard/guard-ports.ts';
import { parseProviders } from '../../src/providers/config/provider-config.ts';
import { createResolver, type ProviderTarget } from '../../src/providers/rules/resolver.ts';
import type { GuardSettings } from '../../src/providers/rules/rulebook.ts';
import { createDraftGuard } from '../../src/providers/transport/draft-guard.ts';
import { createKeyOpener } from '../../src/providers/transport/key-opener.ts';
import { createSender } from '../../src/providers/transport/sender.ts';
import { systemClock as clock } from '../../src/shared/clock.ts';
import { ok } from '../../src/shared/result.ts';
import { createWorld } from '../unit/vault/harness.ts';
import { MemoryLedger } from './memory-ledger.ts';
import { provider, senderOptions } from './sender.ts';

export type Core = Awaited<ReturnType<typeof createCore>>;

/** Guard, resolver, vault, sender and wire as a window has them. The ledger and SecretStorage are in memory. */
export async function createCore(ports: Partial<GuardPorts<ProviderTarget>> = {}) {
  const world = await createWorld();
  const { vault, redactor } = world.window();
  const unlisted = () => undefined;
  let settings: GuardSettings;
  const set = (entries: unknown) => {
    settings = { providers: parseProviders(entries), limits: [], workspaceModels: [], workspaceLimits: {} };
  };
  set({});
  const resolver = createResolver(
    () => settings,
    () => unlisted,
  );
  const ledger = new MemoryLedger(clock);
  const guard = createGuard<ProviderTarget>({
    resolve: resolver.resolve,
    recheck: resolver.recheck,
    checkPrompt: (call) => Promise.resolve(ok(call.prompt)),
    ledger,
    openKey: createKeyOpener(vault),
    sender: createSender(senderOptions(provider({ kind: 'sandbox' }))),
    clock,
    random: { next: () => 0 },
    onLedgerTrouble: (error) => {
      throw error;
    },
    ...ports,
  });
  return {
    guard,
    vault,
    store: world.store,
    ledger,
    /** Replaces the setting `callguard.providers`. */
    set,
    draftGuard: createDraftGuard(guard, resolver, redactor),
    close: async () => {
      await guard.shutDown();
      await world.remove();
    },
  };
}
