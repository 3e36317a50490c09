import { redactSecret } from '../redaction/redact.ts';
import { sealedAtS } from './fernet.ts';
import type { OpenedRow } from './row.ts';
import type { ManifestEntry } from './vault-ports.ts';

/**
 * Whether the row has another key or address than the manifest names and is not newer, such as from a copy of
 * SecretStorage. A newer row is from a window that crashed before it wrote the manifest. An entry of an earlier version
 * does not say how old its row is, so only its address is compared.
 */
export function isRolledBack({ origin, generation, key }: OpenedRow, entry: ManifestEntry): boolean {
  const { generation: listed } = entry;
  if (listed !== undefined && sealedAtS(generation) > sealedAtS(listed)) return false;
  if (entry.origin !== origin) return true;
  return listed !== undefined && listed !== generation && entry.redactedKey !== redactSecret(key.reveal());
}
