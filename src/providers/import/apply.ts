import type { Wording } from '../../shared/l10n.ts';
import { describeVaultRefusal } from '../../vault/vault-refusal.ts';
import type { Vault } from '../../vault/vault.ts';
import type { ProviderEntry } from '../config/provider-entry.ts';
import type { PlannedKey } from './plan.ts';
import type { BadRow } from './source-row.ts';

export interface ImportTarget {
  readonly vault: Pick<Vault, 'set'>;
  readonly addProvider: (id: string, entry: ProviderEntry) => Promise<void>;
  /** Removes secrets from an error's message. */
  readonly clean: (message: string) => string;
}

export interface ImportReport {
  /** The providers whose keys are now in the vault. */
  readonly imported: readonly string[];
  readonly failed: readonly BadRow[];
}

/** Imports the keys that the user selected. A failure does not stop the other imports. */
export async function applyImport(
  picked: readonly PlannedKey[],
  target: ImportTarget,
): Promise<ImportReport> {
  const imported: string[] = [];
  const failed: BadRow[] = [];
  for (const planned of picked) {
    const { id } = planned.config;
    const problem = await importOne(planned, target).catch((error: unknown): Wording => {
      const message = target.clean(error instanceof Error ? error.message : String(error));
      return () => message;
    });
    if (problem === undefined) imported.push(id);
    else failed.push({ place: (l10n) => `${planned.place(l10n)}, ${id}`, problem });
  }
  return { imported, failed };
}

/** Why the key was not imported, or undefined. Stores the key first, because an entry without a key is useless. */
async function importOne(
  { config: { id, kind }, origin, key, addsProvider }: PlannedKey,
  { vault, addProvider }: ImportTarget,
): Promise<Wording | undefined> {
  const stored = await vault.set(id, origin, key, 'import');
  if (!stored.ok) return (l10n) => describeVaultRefusal(stored.error, l10n).message;
  if (addsProvider) await addProvider(id, { kind });
  return undefined;
}
