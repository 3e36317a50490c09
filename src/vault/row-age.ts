import { createHmac, timingSafeEqual } from 'node:crypto';
import { redactSecret } from '../redaction/redact.ts';
import { sealedAtS } from './fernet.ts';
import { findKey, type Ring } from './key-ring.ts';
import type { MasterKey } from './master-key.ts';
import type { OpenedRow, SealedKey } from './row.ts';
import type { ManifestEntry } from './vault-ports.ts';

/** What the manifest says of a key: its entry, or the entry that it had when it was removed. */
export interface Listed {
  readonly entry: ManifestEntry;
  readonly isRemoved: boolean;
}

/** `forged`: the entry was not written by Callguard with the master key that it names. */
export type RowAge = 'current' | 'rolledBack' | 'forged';

const removedPrefix = 'removed:';

/** The name of the entry of a removed key. No provider and no header can have it. */
export function removedName(provider: string): string {
  return removedPrefix + provider;
}

/** The manifest's entry of a row that is sealed under this master key. */
export function entryOf(row: OpenedRow, setAtMs: number, under: MasterKey): ManifestEntry {
  const { provider, kid, origin, generation, key } = row;
  const redactedKey = redactSecret(key.reveal());
  const entry = { provider, kid, origin, redactedKey, setAtMs, generation, keyMac: macOfKey(row, under) };
  return { ...entry, entryMac: macOfEntry(entry, under) };
}

/** The entry of the same key after its removal. Unsigned if the ring does not have the entry's master key. */
export function removedEntryOf(entry: ManifestEntry, setAtMs: number, ring: Ring | undefined): ManifestEntry {
  const provider = removedName(entry.provider);
  const removed = { ...entry, provider, redactedKey: redactSecret(''), setAtMs, entryMac: undefined };
  const under = ring && findKey(ring, entry.kid);
  return under === undefined ? removed : { ...removed, entryMac: macOfEntry(removed, under) };
}

/**
 * Whether the row has another key or address than the manifest names, or a removed key, and is not newer, such as from a
 * copy of SecretStorage. A newer row is from a window that crashed before it wrote the manifest.
 */
export function ageOfRow(row: OpenedRow, { entry, isRemoved }: Listed, ring: Ring): RowAge {
  const { generation: listed, entryMac } = entry;
  const under = findKey(ring, entry.kid);
  if (entryMac !== undefined && (under === undefined || !isSame(entryMac, macOfEntry(entry, under)))) {
    return 'forged';
  }
  const sealedS = sealedAtS(row.generation);
  if (listed !== undefined && sealedS > sealedAtS(listed)) return 'current';
  if (isRemoved) {
    return listed !== undefined || sealedS * 1_000 <= entry.setAtMs ? 'rolledBack' : 'current';
  }
  const isListed =
    entryMac === undefined || under === undefined
      ? isListedUnsigned(row, entry)
      : isSame(entry.keyMac ?? '', macOfKey(row, under));
  return isListed ? 'current' : 'rolledBack';
}

/** An entry of an earlier version does not prove its key, and an even earlier one does not say how old its row is. */
function isListedUnsigned({ origin, generation, key }: OpenedRow, entry: ManifestEntry): boolean {
  if (entry.origin !== origin) return false;
  const listed = entry.generation;
  return listed === undefined || listed === generation || entry.redactedKey === redactSecret(key.reveal());
}

function macOfKey({ provider, origin, key }: SealedKey, under: MasterKey): string {
  return macOf(['key', provider, origin, key.reveal()], under);
}

function macOfEntry(entry: Omit<ManifestEntry, 'entryMac'>, under: MasterKey): string {
  const { provider, kid, origin, redactedKey, setAtMs, generation, keyMac } = entry;
  return macOf(['entry', provider, kid, origin, redactedKey, setAtMs, generation, keyMac], under);
}

function macOf(parts: readonly unknown[], under: MasterKey): string {
  return createHmac('sha256', under.manifestKey).update(JSON.stringify(parts)).digest('base64url');
}

function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
