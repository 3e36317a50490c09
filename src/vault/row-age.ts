import { redactSecret } from '../redaction/redact.ts';
import { sealedAtS } from './fernet.ts';
import type { OpenedRow } from './row.ts';
import type { ManifestEntry } from './vault-ports.ts';

/** What the manifest says of a key: its entry, or the entry that it had when it was removed. */
export interface Listed {
  readonly entry: ManifestEntry;
  readonly isRemoved: boolean;
}

const removedPrefix = 'removed:';

/** The name of the entry of a removed key. No provider and no header can have it. */
export function removedName(provider: string): string {
  return removedPrefix + provider;
}

/**
 * Whether the row has another key or address than the manifest names, or a removed key, and is not newer, such as from a
 * copy of SecretStorage. A newer row is from a window that crashed before it wrote the manifest. An entry of an earlier
 * version does not say how old its row is, so only its address is compared.
 */
export function isRolledBack({ origin, generation, key }: OpenedRow, { entry, isRemoved }: Listed): boolean {
  const listed = entry.generation;
  if (listed !== undefined && sealedAtS(generation) > sealedAtS(listed)) return false;
  if (isRemoved) return listed !== undefined || sealedAtS(generation) * 1_000 <= entry.setAtMs;
  if (entry.origin !== origin) return true;
  return listed !== undefined && listed !== generation && entry.redactedKey !== redactSecret(key.reveal());
}
