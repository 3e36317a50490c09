import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { readIfThere, replaceFile, syncFile } from '../../shared/atomic-file.ts';
import type { AuditReader, AuditRow } from '../readers.ts';
import { checkpointMac } from '../retention.ts';

/** A row that was the last of the trail at some time. If the trail does not contain it, its end was cut off. */
export interface Anchor {
  readonly seq: number;
  /** The signature of the row, in hex. */
  readonly mac: string;
}

const anchorSchema = z.object({ seq: z.int().positive(), mac: z.string().regex(/^[0-9a-f]{64}$/) });

/** The content of the anchor file. Undefined if there is no file; `broken` if it is damaged, for example by a power cut. */
export type FoundAnchor = Anchor | 'broken' | undefined;

/** Throws if the file exists but cannot be read at all. */
export async function readAnchor(file: string): Promise<FoundAnchor> {
  const text = await readIfThere(file);
  if (text === undefined) return undefined;
  try {
    return anchorSchema.parse(JSON.parse(text));
  } catch {
    return 'broken';
  }
}

/** Whether the trail contains the anchored row, or has dropped it because of its age. */
export function isInTrail({ seq, mac }: Anchor, trail: AuditReader): boolean {
  const [first] = trail.after(0, 1);
  if (first?.kind === 'checkpoint' && first.seq > seq) return true;
  const [row] = trail.after(seq - 1, 1);
  if (row?.seq !== seq) return false;
  const rowsMac = row.kind === 'checkpoint' ? checkpointMac(row) : row.mac;
  return Buffer.from(rowsMac).toString('hex') === mac;
}

/** Replaces the anchor as a whole, or leaves the one before. */
export async function writeAnchor(file: string, anchor: Anchor): Promise<void> {
  // With a master key from the environment, nothing else creates this folder.
  await mkdir(path.dirname(file), { recursive: true });
  await replaceFile(file, JSON.stringify(anchor));
}

/** Anchors the last row of the trail in the database `file`. */
export async function anchorRow({ seq, mac }: AuditRow, file: string, anchorFile: string): Promise<void> {
  await syncLog(file);
  await writeAnchor(anchorFile, { seq, mac: Buffer.from(mac).toString('hex') });
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
