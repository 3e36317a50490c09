import { english, type L10n } from '../../shared/l10n.ts';
import { describeVaultRefusal } from '../../vault/refusal.ts';
import type { Vault } from '../../vault/vault.ts';
import type { ProviderEntry } from '../settings.ts';
import type { PlannedKey } from './plan.ts';
import type { BadRow } from './source-row.ts';

export interface ImportTarget {
  readonly vault: Pick<Vault, 'set'>;
  readonly addProvider: (id: string, entry: ProviderEntry) => Promise<void>;
}

export interface ImportReport {
  /** The providers whose keys are in the vault now. */
  readonly imported: readonly string[];
  readonly failed: readonly BadRow[];
}

/** Imports what a person picked; one that fails does not stop the others. The key first: an entry alone is no use. */
export async function applyImport(
  picked: readonly PlannedKey[],
  target: ImportTarget,
  l10n: L10n = english,
): Promise<ImportReport> {
  const imported: string[] = [];
  const failed: BadRow[] = [];
  for (const { place, config, origin, key, addsProvider } of picked) {
    const { id, kind } = config;
    const stored = await target.vault.set(id, origin, key, 'import');
    if (!stored.ok) {
      failed.push({ place: `${place}, ${id}`, problem: describeVaultRefusal(stored.error, l10n).message });
      continue;
    }
    if (addsProvider) await target.addProvider(id, { kind });
    imported.push(id);
  }
  return { imported, failed };
}
