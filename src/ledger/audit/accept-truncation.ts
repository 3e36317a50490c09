import { anchorRow, isInTrail, readAnchor } from './audit-anchor.ts';
import type { LedgerStore } from '../ledger-store.ts';

/**
 * Goes on from a trail that lost its end, as it does where a backup is brought back. What it ended with once stays
 * known by a row of its own, which the new anchor covers. Does nothing where the trail still holds the anchored row.
 */
export async function acceptTruncation(store: LedgerStore, file: string, anchorFile: string): Promise<void> {
  const lost = await readAnchor(anchorFile);
  if (lost === undefined || (lost !== 'broken' && isInTrail(lost, store.audit))) return;
  const known = lost === 'broken' ? {} : { lostSeq: lost.seq, lostMac: lost.mac };
  const head = await store.recordTruncation(known);
  if (head !== undefined) await anchorRow(head, file, anchorFile);
}
