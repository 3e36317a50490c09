import { anchorRow, isInTrail, readAnchor } from './audit-anchor.ts';
import type { LedgerStore } from '../ledger-store.ts';

/**
 * Accepts a trail that lost its end, for example after a backup was restored. A new row records the anchored row that
 * is missing, and the new anchor covers that row. Does nothing if the trail still contains the anchored row.
 */
export async function acceptTruncation(store: LedgerStore, file: string, anchorFile: string): Promise<void> {
  const lost = await readAnchor(anchorFile);
  if (lost === undefined || (lost !== 'broken' && isInTrail(lost, store.audit))) return;
  const known = lost === 'broken' ? {} : { lostSeq: lost.seq, lostMac: lost.mac };
  const head = await store.recordTruncation(known);
  if (head !== undefined) await anchorRow(head, file, anchorFile);
}
