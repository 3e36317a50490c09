import type { Refusal } from '../../guard/refusal.ts';
import type { Credentials } from '../../guard/sender-port.ts';
import type { BoundKey } from '../../shared/bound-key.ts';
import type { L10n } from '../../shared/l10n.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { describeVaultRefusal, type VaultRefusal } from '../../vault/vault-refusal.ts';
import type { Vault } from '../../vault/vault.ts';
import type { ProviderConfig } from '../config/provider-config.ts';
import type { ResolvedProvider } from '../rules/resolver.ts';

export type KeyOpener = (provider: ResolvedProvider) => Promise<Result<Credentials, Refusal>>;

type Opens = Pick<Vault, 'open' | 'refusalOfEveryCall'>;

/**
 * Opens the key and the header secrets of a provider, for the origin it was resolved with. The vault is asked for every
 * provider, even one that needs no key: in production without its master key it refuses every call.
 */
export function createKeyOpener(vault: Opens): KeyOpener {
  return async (provider) => {
    const headers = await openHeaders(provider.config, vault);
    if (!headers.ok) return headers;
    const key = await openKey(provider, vault);
    return key.ok ? ok({ key: key.value, headers: headers.value }) : key;
  };
}

async function openKey(
  { config: { id, origin, keyNeed }, draftKey }: ResolvedProvider,
  vault: Opens,
): Promise<Result<BoundKey | undefined, Refusal>> {
  // A kind without an address gets no key, even if the vault still has one from when it was of another kind.
  if (draftKey !== undefined || origin === undefined) {
    const closed = await vault.refusalOfEveryCall();
    if (closed !== undefined) return err(refusalOf(id, closed));
    return ok(draftKey && origin !== undefined ? { secret: draftKey, origin } : undefined);
  }
  const opened = await vault.open(id, origin);
  if (!opened.ok) return err(refusalOf(id, opened.error));
  if (opened.value === undefined && keyNeed === 'required') return err(refusalOf(id, { kind: 'notSet' }));
  return opened;
}

/** The vault's name for a header's secret. No provider's key can have that name. */
export function headerEntry(name: string): string {
  return `header:${name}`;
}

async function openHeaders(
  { id: provider, origin, headers: custom }: ProviderConfig,
  vault: Opens,
): Promise<Result<Credentials['headers'], Refusal>> {
  const headers: Record<string, BoundKey> = {};
  for (const [header, value] of Object.entries(custom)) {
    if (typeof value === 'string') continue;
    // A secret is sealed for an origin, so a kind without an address cannot have one.
    const opened = origin === undefined ? ok(undefined) : await vault.open(headerEntry(value.vault), origin);
    const missing: VaultRefusal = { kind: 'notSet' };
    if (!opened.ok || opened.value === undefined)
      return err(headerRefusal(provider, header, value.vault, opened.ok ? missing : opened.error));
    headers[header] = opened.value;
  }
  return ok(headers);
}

/** Another value of the entry would not help. */
const withoutEntry: ReadonlySet<VaultRefusal['kind']> = new Set(['store', 'storeSilent']);

function headerRefusal(provider: string, header: string, entry: string, refusal: VaultRefusal): Refusal {
  const problem = (l10n: L10n) => {
    const why =
      refusal.kind === 'originChanged'
        ? l10n.t('It was approved for {0}, not for {1}.', refusal.approved, refusal.wanted)
        : describeVaultRefusal(refusal, l10n).message;
    return withoutEntry.has(refusal.kind)
      ? l10n.t("the header {0} needs the vault entry '{1}'. {2}", header, entry, why)
      : l10n.t(
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
  const problem = (l10n: L10n) => {
    const { message } = describeVaultRefusal(refusal, l10n);
    return refusal.kind === 'notSet' ? l10n.t('{0} Use Callguard: Replace Key.', message) : message;
  };
  return { kind: 'vault', provider, problem };
}
