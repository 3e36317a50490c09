import path from 'node:path';
import { createGuard } from '../../src/guard/guard.ts';
import { defaultGatewayOptions, Gateway, type GatewayOptions } from '../../src/gateway/gateway.ts';
import { ledgerTokens } from '../../src/gateway/ledger-tokens.ts';
import { TokenBook } from '../../src/gateway/tokens.ts';
import { openLedger } from '../../src/ledger/db/open-database.ts';
import { SqliteLedger } from '../../src/ledger/sqlite-ledger.ts';
import { defaultLedgerSettings } from '../../src/ledger/ledger-settings.ts';
import { LedgerStore } from '../../src/ledger/ledger-store.ts';
import { createPromptCheck } from '../../src/providers/prompt-check/prompt-check.ts';
import { createResolver } from '../../src/providers/rules/resolver.ts';
import { createSender } from '../../src/providers/transport/sender.ts';
import { parseProviders } from '../../src/providers/config/provider-config.ts';
import { ExactValues } from '../../src/redaction/exact.ts';
import { systemClock as clock } from '../../src/shared/clock.ts';
import { systemRandom as random } from '../../src/shared/random.ts';
import { ok } from '../../src/shared/result.ts';
import { noManagement } from './gateway.ts';
import { credentialsFor, senderOptions } from './sender.ts';

/** The ledger in a folder of a test's own, as one window has it. To be disposed. */
export async function openStore(folder: string, onTrouble = fail): Promise<LedgerStore> {
  const { db } = await openLedger(path.join(folder, 'ledger.db'), clock);
  return new LedgerStore(db, {
    ...defaultLedgerSettings,
    clock,
    random,
    zone: 'UTC',
    auditKey: () => ({ id: 'key-1', key: Buffer.alloc(32, 7) }),
    // None is refused for a machine that is busy with other things.
    patienceMs: 60_000,
    onTrouble,
  });
}

export function tokensOf(store: LedgerStore): TokenBook {
  return new TokenBook(ledgerTokens(store), clock);
}

/** The gateway with all that it has in a window: guard, rules, sender, tokens, and the ledger on the disk. */
export async function createWindowGateway(
  folder: string,
  entries: Readonly<Record<string, unknown>>,
  onTrouble: (error: unknown) => void,
) {
  const store = await openStore(folder, onTrouble);
  const providers = parseProviders(entries);
  const [anyConfig] = providers.usable.values();
  if (anyConfig === undefined || providers.broken.length > 0)
    throw new Error(JSON.stringify(providers.broken));
  const settings = { providers, routes: new Map(), limits: [], workspaceModels: [], workspaceLimits: {} };
  const unlisted = () => undefined;
  const resolver = createResolver(
    () => settings,
    () => unlisted,
  );
  const guard = createGuard({
    resolve: resolver.resolve,
    recheck: resolver.recheck,
    checkPrompt: createPromptCheck({
      mode: () => 'warn',
      registered: new ExactValues(),
      ask: () => Promise.resolve('refuse'),
      onRedacted: () => undefined,
    }),
    ledger: new SqliteLedger(store, defaultLedgerSettings.holdMs),
    openKey: ({ config }) => Promise.resolve(ok(credentialsFor(config))),
    sender: createSender(senderOptions(anyConfig)),
    clock,
    random,
    onLedgerTrouble: onTrouble,
  });
  const ports = {
    ...{ guard, settings: () => settings, tokens: tokensOf(store) },
    ...{ management: noManagement, clock, onTrouble },
  };
  const create = (options: Pick<GatewayOptions, 'port'> & Partial<GatewayOptions>) =>
    new Gateway(ports, { ...defaultGatewayOptions, ...options });
  return { store, create };
}

function fail(error: unknown): void {
  throw error;
}
