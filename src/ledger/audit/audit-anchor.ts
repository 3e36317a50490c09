import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { folderOfUser, readIfThere, replaceFile, syncFile } from '../../shared/atomic-file.ts';
import { parseJson } from '../../shared/json.ts';
import type { AuditReader, AuditRow } from '../readers.ts';
import { checkpointMac, macSchema } from './audit-bodies.ts';
import type { TrailKeys } from './trail-keys.ts';
import { unsigned, type AuditKey } from './audit-key.ts';

/** A row that was the last of the trail at some time. If the trail does not contain it, its end was cut off. */
export interface Anchor {
  readonly seq: number;
  /** The signature of the row, in hex. */
  readonly mac: string;
}

export const anchorSchema = z.object({ seq: z.int().positive(), mac: macSchema });

const signedSchema = anchorSchema.extend({ keyId: z.string(), signature: macSchema });

/** The content of an anchor file. */
export type FoundAnchor =
  | { readonly kind: 'missing' }
  /** Damaged, for example by a power failure. */
  | { readonly kind: 'broken' }
  /** As it is written without a master key. Anyone can forge it. */
  | { readonly kind: 'unsigned'; readonly row: Anchor }
  | { readonly kind: 'signed'; readonly row: Anchor }
  /** Its signature does not match. */
  | { readonly kind: 'forged' }
  /** The key is not in the key ring, or its signature proves nothing. */
  | { readonly kind: 'unknownKey'; readonly keyId: string };

/**
 * The file of the signed anchor. It is another file than the unsigned one, as a window of an earlier version may still
 * replace that.
 */
export function signedAnchorFile(anchorFile: string): string {
  return `${anchorFile.replace(/\.json$/, '')}.signed.json`;
}

/** Throws if the file exists but cannot be read at all. */
export async function readAnchor(file: string, keys: TrailKeys): Promise<FoundAnchor> {
  const text = await readIfThere(file);
  if (text === undefined) return { kind: 'missing' };
  const content = parseJson(text);
  const signed = signedSchema.safeParse(content);
  if (!signed.success) {
    const row = anchorSchema.safeParse(content);
    return row.success ? { kind: 'unsigned', row: row.data } : { kind: 'broken' };
  }
  const { seq, mac, keyId, signature } = signed.data;
  const key = keys.isForgeable(keyId) ? undefined : keys.find(keyId);
  if (key === undefined) return { kind: 'unknownKey', keyId };
  const isGenuine = timingSafeEqual(
    signatureOf({ seq, mac }, { id: keyId, key }),
    Buffer.from(signature, 'hex'),
  );
  return isGenuine ? { kind: 'signed', row: { seq, mac } } : { kind: 'forged' };
}

/** Whether the trail contains the anchored row, or has dropped it because of its age. */
export function isInTrail({ seq, mac }: Anchor, trail: AuditReader): boolean {
  const [first] = trail.after(0, 1);
  if (first?.kind === 'checkpoint' && first.seq > seq) return true;
  const [row] = trail.after(seq - 1, 1);
  if (row?.seq !== seq) return false;
  const rowsMac = row.kind === 'checkpoint' ? checkpointMac(row) : row.mac;
  return rowsMac !== undefined && Buffer.from(rowsMac).toString('hex') === mac;
}

export function anchorOf({ seq, mac }: AuditRow): Anchor {
  return { seq, mac: Buffer.from(mac).toString('hex') };
}

/**
 * Anchors a row of the trail in the database `databaseFile`, signed unless there is no master key. The file is replaced
 * as a whole, or stays as it was.
 */
export async function writeAnchor(
  row: Anchor,
  key: AuditKey,
  anchorFile: string,
  databaseFile: string,
): Promise<void> {
  await syncLog(databaseFile);
  // With a master key from the environment, nothing else creates this folder.
  await mkdir(path.dirname(anchorFile), { recursive: true, mode: folderOfUser });
  if (key.id === unsigned.id) {
    await replaceFile(anchorFile, JSON.stringify(row));
    return;
  }
  const signature = signatureOf(row, key).toString('hex');
  await replaceFile(signedAnchorFile(anchorFile), JSON.stringify({ ...row, keyId: key.id, signature }));
}

/** Under a key of its own: otherwise the signature of a row could be shown as that of an anchor. */
function signatureOf({ seq, mac }: Anchor, { id, key }: AuditKey): Buffer {
  const anchorKey = createSecretKey(createHmac('sha256', key).update('callguard audit anchor').digest());
  return createHmac('sha256', anchorKey)
    .update(JSON.stringify([2, seq, mac, id]))
    .digest();
}

/** Writes committed rows to the disk, so that a power cut cannot lose rows that were anchored. */
async function syncLog(file: string): Promise<void> {
  try {
    const log = await open(`${file}-wal`, 'r+');
    try {
      await syncFile(log);
    } finally {
      await log.close();
    }
  } catch (error) {
    // Then a checkpoint has moved all rows into the database.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
