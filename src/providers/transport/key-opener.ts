import type { GuardPorts } from '../../guard/guard-ports.ts';
import type { Refusal } from '../../guard/refusal.ts';
import type { L10n } from '../../shared/l10n.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { Secret } from '../../shared/secret.ts';
import { describeVaultRefusal, type VaultRefusal } from '../../vault/vault-refusal.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Drafts } from './drafts.ts';
import type { ProviderConfig } from '../config/provider-config.ts';

/** The sandbox has no address of its own before it is started. */
const sandboxOrigin = 'http://127.0.0.1';

/**
 * The guard's way to a provider's key. The vault is asked for every provider, also for one that needs no key: in a
 * production set-up without its master key it refuses every call.
 */
export function createKeyOpener(
  configOf: (provider: string) => ProviderConfig | undefined,
  vault: Pick<Vault, 'open' | 'refusalOfEveryCall'>,
  drafts: Drafts,
  openHeaders: HeaderOpener,
): GuardPorts['openKey'] {
  return async (provider) => {
    const config = configOf(provider);
    // They are opened again when the request is written; here a refusal still comes before anything is sent.
    const headers = config === undefined ? ok({}) : await openHeaders(config);
    if (!headers.ok) return headers;
    const drafted = drafts.get(provider)?.key;
    const origin = config?.origin;
    // A kind without an address is sent no key: one that is left of when it was of another kind is nothing to it.
    if (drafted !== undefined || origin === undefined) {
      const closed = await vault.refusalOfEveryCall();
      return closed === undefined ? ok(drafted) : err(refusalOf(provider, closed));
    }
    const opened = await vault.open(provider, origin);
    if (!opened.ok) return err(refusalOf(provider, opened.error));
    if (opened.value === undefined && config?.keyNeed === 'required') {
      return err(refusalOf(provider, { kind: 'notSet' }));
    }
    return opened;
  };
}

/** The vault's entry for a header's secret: a name of its own, which no provider's key can have. */
export function headerEntry(name: string): string {
  return `header:${name}`;
}

/** The provider's own headers, those that are in the vault opened for its origin. */
export type HeaderOpener = (
  config: ProviderConfig,
) => Promise<Result<Readonly<Record<string, string | Secret>>, Refusal>>;

export function createHeaderOpener(vault: Pick<Vault, 'open'>): HeaderOpener {
  return async ({ id: provider, origin = sandboxOrigin, extras }) => {
    const headers: Record<string, string | Secret> = {};
    for (const [header, value] of Object.entries(extras.headers)) {
      if (typeof value === 'string') {
        headers[header] = value;
        continue;
      }
      const opened = await vault.open(headerEntry(value.vault), origin);
      const missing: VaultRefusal = { kind: 'notSet' };
      if (opened.ok && opened.value !== undefined) headers[header] = opened.value;
      else return err(headerRefusal(provider, header, value.vault, opened.ok ? missing : opened.error));
    }
    return ok(headers);
  };
}

function headerRefusal(provider: string, header: string, entry: string, refusal: VaultRefusal): Refusal {
  const problem = (l10n: L10n) => {
    const why =
      refusal.kind === 'originChanged'
        ? l10n.t('It was approved for {0}, not for {1}.', refusal.approved, refusal.wanted)
        : describeVaultRefusal(refusal, l10n).message;
    return l10n.t(
      "the header {0} needs the vault entry '{1}'. {2} Use Callguard: Set Header Secret.",
      header,
      entry,
      why,
    );
  };
  return { kind: 'vault', provider, problem };
}

function refusalOf(provider: string, refusal: VaultRefusal): Refusal {
  if (refusal.kind === 'originChanged') {
    return { kind: 'origin', provider, approved: refusal.approved, asked: refusal.wanted };
  }
  return { kind: 'vault', provider, problem: (l10n) => describeVaultRefusal(refusal, l10n).message };
}
