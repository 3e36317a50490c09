import type { GuardPorts } from '../guard/ports.ts';
import { err, ok } from '../shared/result.ts';
import { describeVaultRefusal } from '../vault/refusal.ts';
import type { Vault } from '../vault/vault.ts';
import type { Drafts } from './drafts.ts';
import type { ProviderConfig } from './settings.ts';

/** The sandbox has no address of its own before it is started, and no key; the vault is asked all the same. */
const sandboxOrigin = 'http://127.0.0.1';

/**
 * The guard's way to a provider's key. The vault is asked for every provider, also for one that needs no key: in a
 * production set-up without its master key it refuses every call.
 */
export function createKeyOpener(
  configOf: (provider: string) => ProviderConfig | undefined,
  vault: Pick<Vault, 'open'>,
  drafts: Drafts,
): GuardPorts['openKey'] {
  return async (provider) => {
    const drafted = drafts.get(provider)?.key;
    if (drafted !== undefined) return ok(drafted);
    const config = configOf(provider);
    const opened = await vault.open(provider, config?.origin ?? sandboxOrigin);
    if (!opened.ok) {
      const { error } = opened;
      if (error.kind === 'originChanged') {
        return err({ kind: 'origin', provider, approved: error.approved, asked: error.wanted });
      }
      return err({ kind: 'vault', provider, problem: describeVaultRefusal(error).message });
    }
    if (opened.value === undefined && config?.keyNeed === 'required') {
      return err({ kind: 'vault', provider, problem: describeVaultRefusal({ kind: 'notSet' }).message });
    }
    return opened;
  };
}
