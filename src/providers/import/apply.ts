import type { Wording } from '../../shared/l10n.ts';
import { describeVaultRefusal } from '../../vault/vault-refusal.ts';
import type { Vault } from '../../vault/vault.ts';
import type { ProviderEntry } from '../config/provider-config.ts';
import type { PlannedKey } from './plan.ts';
import type { BadRow } from './source-row.ts';

export interface ImportTarget {
  readonly vault: Pick<Vault, 'set'>;
  readonly addProvider: (id: string, entry: ProviderEntry) => Promise<void>;
  /** An error's message as it may be shown. */
  readonly clean: (message: string) => string;
}

export interface ImportReport {
  /** The providers whose keys are in the vault now. */
  readonly imported: readonly string[];
  readonly failed: readonly BadRow[];
}

/** Imports what a person picked; one that fails, in whatever way, does not stop the others. */
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

/** Why it was not imported, or undefined. The key first: an entry alone is no use. */
async function importOne(
  { config: { id, kind }, origin, key, addsProvider }: PlannedKey,
  { vault, addProvider }: ImportTarget,
): Promise<Wording | undefined> {
  const stored = await vault.set(id, origin, key, 'import');
  if (!stored.ok) return (l10n) => describeVaultRefusal(stored.error, l10n).message;
  if (addsProvider) await addProvider(id, { kind });
  return undefined;
}
