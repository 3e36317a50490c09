import { redactSecret } from '../../redaction/redact.ts';
import type { Wording } from '../../shared/l10n.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { Secret } from '../../shared/secret.ts';
import type { MasterKey } from '../../vault/master-key.ts';
import { describeVaultRefusal } from '../../vault/vault-refusal.ts';
import type { Vault } from '../../vault/vault.ts';
import { foreignKey } from '../config/catalogue-keys.ts';
import type { ProviderConfig, Providers } from '../config/provider-config.ts';
import { decodeSourceValue } from './decode.ts';
import { providerAt, providerFor } from './provider-for.ts';
import type { BadRow, SourceRow, SourceRows } from './source-row.ts';

/** A key that can be imported, and what the import does. */
export interface PlannedKey {
  readonly place: Wording;
  readonly config: ProviderConfig;
  /** The origin to which the key is bound. */
  readonly origin: string;
  readonly key: Secret;
  readonly redactedKey: string;
  /** `same`: the vault already has this key. `replace`: it has another one. */
  readonly fate: 'new' | 'same' | 'replace';
  /** The settings do not have the provider yet, so the import adds an entry of its kind. */
  readonly addsProvider: boolean;
}

export interface ImportPlan {
  readonly keys: readonly PlannedKey[];
  /** Rows that cannot be imported, with their place and the reason. */
  readonly bad: readonly BadRow[];
}

export interface PlanInputs {
  readonly providers: Providers;
  readonly serverKeys: readonly MasterKey[];
  readonly vault: Pick<Vault, 'open'>;
}

/** Plans what the import does with each row. Changes nothing. */
export async function planImport({ rows, bad }: SourceRows, inputs: PlanInputs): Promise<ImportPlan> {
  const keys: PlannedKey[] = [];
  const notTaken = [...bad];
  for (const row of rows) {
    const planned = await planRow(row, keys, inputs);
    if (planned.ok) keys.push(planned.value);
    else notTaken.push({ place: (l10n) => `${row.place(l10n)}, ${row.provider}`, problem: planned.error });
  }
  return { keys, bad: notTaken };
}

async function planRow(
  row: SourceRow,
  before: readonly PlannedKey[],
  { providers, serverKeys, vault }: PlanInputs,
): Promise<Result<PlannedKey, Wording>> {
  const found =
    row.address === undefined
      ? providerFor(row.provider, providers)
      : providerAt(row.address, row.provider, providers);
  if (!found.ok) return found;
  const { config, isNew: addsProvider } = found.value;
  const { id, kind, origin } = config;
  if (origin === undefined || config.keyNeed === 'none')
    return err((l10n) => l10n.t('{0} does not need a key', id));
  const twin = before.find((planned) => planned.config.id === id);
  if (twin !== undefined)
    return err((l10n) => l10n.t('{0} already gets its key from {1}', id, twin.place(l10n)));
  const decoded = decodeSourceValue(row.value, serverKeys);
  if (!decoded.ok) return decoded;
  const key = decoded.value;
  const foreign = foreignKey(kind, key.reveal());
  if (foreign !== undefined)
    return err((l10n) =>
      l10n.t('it looks like a key for another service ({0}), not for {1}', foreign(l10n), id),
    );
  const fate = await fateOf(id, origin, key, vault);
  if (!fate.ok) return fate;
  const redactedKey = redactSecret(key.reveal());
  const planned = { place: row.place, config, origin, key, redactedKey, addsProvider };
  // A stored key without an entry, which an import leaves if it cannot write the settings, is not usable yet.
  return ok({ ...planned, fate: addsProvider && fate.value === 'same' ? 'new' : fate.value });
}

async function fateOf(
  id: string,
  origin: string,
  key: Secret,
  vault: PlanInputs['vault'],
): Promise<Result<PlannedKey['fate'], Wording>> {
  const stored = await vault.open(id, origin);
  if (stored.ok) {
    if (stored.value === undefined) return ok('new');
    return ok(stored.value.secret.reveal() === key.reveal() ? 'same' : 'replace');
  }
  const refusal = stored.error;
  switch (refusal.kind) {
    case 'notSet':
    case 'lost':
      return ok('new');
    case 'originChanged':
    case 'broken':
    case 'rolledBack':
      return ok('replace');
    default:
      return err((l10n) => describeVaultRefusal(refusal, l10n).message);
  }
}
