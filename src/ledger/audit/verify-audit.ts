import { createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { english, type L10n } from '../../shared/l10n.ts';
import { assertNever } from '../../shared/result.ts';
import type { Anchor, FoundAnchor } from './audit-anchor.ts';
import type { AuditReader, AuditRow } from '../readers.ts';
import { genesisMac, rowMac } from './audit-trail.ts';
import { checkpointMac } from '../retention.ts';
import { unsigned } from './audit-key.ts';

/** A place where the trail differs from what was written. */
export type AuditFault =
  /** The row was edited, inserted, or moved. */
  | { readonly kind: 'altered'; readonly seq: number }
  | { readonly kind: 'missing'; readonly fromSeq: number; readonly toSeq: number }
  /** The end was cut off: the trail once ended with row `toSeq`. */
  | { readonly kind: 'cutTail'; readonly fromSeq: number; readonly toSeq: number }
  /** The end was cut off and rewritten: the row differs from the anchored one. */
  | { readonly kind: 'rewrittenTail'; readonly seq: number }
  /** The anchor cannot be read, so a truncated trail can no longer be detected. */
  | { readonly kind: 'brokenAnchor' }
  | { readonly kind: 'unknownKey'; readonly seq: number; readonly keyId: string };

export interface AuditReport {
  readonly rows: number;
  /** The number of rows that were written without a master key. Anyone who can write the file can forge these. */
  readonly unsignedRows: number;
  /** The last row. Anchor it if there is no fault. */
  readonly head: Anchor | undefined;
  /** The first faults, in their order. Empty for a sound trail. */
  readonly faults: readonly AuditFault[];
  /** The trail does not contain the anchored row, so later truncation cannot be detected. */
  readonly lostAnchor: boolean;
}

export interface AuditWitnesses {
  /** The key with this ID, if the key ring still has it. */
  readonly findKey: (keyId: string) => Buffer | undefined;
  readonly anchor: FoundAnchor;
}

/** A few milliseconds of work, after which the event loop has a turn. */
const chunkRows = 500;
const mostFaults = 100;

/** Reads the whole trail and checks every link, without blocking the event loop for long. */
export async function verifyAudit(trail: AuditReader, witnesses: AuditWitnesses): Promise<AuditReport> {
  for (;;) {
    const first = trail.after(0, 1)[0]?.seq;
    const report = await walk(trail, witnesses);
    // If old rows were dropped meanwhile, the result shows a gap. Then verify again.
    if (trail.after(0, 1)[0]?.seq === first) return report;
  }
}

async function walk(trail: AuditReader, { findKey, anchor: found }: AuditWitnesses): Promise<AuditReport> {
  const anchor = found === 'broken' ? undefined : found;
  const keyOf = cached(findKey);
  const faults: AuditFault[] = [];
  let rows = 0;
  let unsignedRows = 0;
  let last: AuditRow | undefined;
  let previousMac: Uint8Array | undefined = genesisMac;
  let anchored = found === undefined;
  for (let chunk = trail.after(0, chunkRows); chunk.length > 0;) {
    for (const row of chunk) {
      const expectedSeq = (last?.seq ?? 0) + 1;
      const startsHere = last === undefined && row.kind === 'checkpoint';
      if (row.seq !== expectedSeq && !startsHere) {
        faults.push({ kind: 'missing', fromSeq: expectedSeq, toSeq: row.seq - 1 });
        // The row before is missing, so this row cannot be checked, only those after it.
        previousMac = undefined;
      }
      const fault = faultOf(row, previousMac, keyOf);
      if (fault !== undefined) faults.push(fault);
      // The content of a forged checkpoint is not used.
      const ownMac: Uint8Array | undefined = !startsHere
        ? row.mac
        : fault === undefined
          ? checkpointMac(row)
          : undefined;
      if (anchor?.seq === row.seq) {
        anchored = hexOf(ownMac) === anchor.mac;
        if (!anchored) faults.push({ kind: 'rewrittenTail', seq: row.seq });
      } else if (startsHere && anchor !== undefined && anchor.seq < row.seq) anchored = true;
      previousMac = ownMac;
      last = row;
      rows += 1;
      if (row.keyId === unsigned.id) unsignedRows += 1;
    }
    await setImmediate();
    chunk = trail.after(last?.seq ?? 0, chunkRows);
  }
  if (!anchored && anchor !== undefined && anchor.seq > (last?.seq ?? 0)) {
    faults.push({ kind: 'cutTail', fromSeq: (last?.seq ?? 0) + 1, toSeq: anchor.seq });
  }
  if (found === 'broken') faults.push({ kind: 'brokenAnchor' });
  const head = last && { seq: last.seq, mac: hexOf(last.mac) };
  return { rows, unsignedRows, head, faults: faults.slice(0, mostFaults), lostAnchor: !anchored };
}

function hexOf(mac: Uint8Array | undefined): string {
  return mac === undefined ? '' : Buffer.from(mac).toString('hex');
}

function faultOf(
  row: AuditRow,
  previousMac: Uint8Array | undefined,
  keyOf: (keyId: string) => KeyObject | undefined,
): AuditFault | undefined {
  const key = keyOf(row.keyId);
  if (key === undefined) return { kind: 'unknownKey', seq: row.seq, keyId: row.keyId };
  if (previousMac === undefined) return undefined;
  const mac = rowMac(key, previousMac, row);
  const same = mac.length === row.mac.length && timingSafeEqual(mac, row.mac);
  return same ? undefined : { kind: 'altered', seq: row.seq };
}

/** Looks each key up, and creates its key object, once. */
function cached(findKey: AuditWitnesses['findKey']): (keyId: string) => KeyObject | undefined {
  const known = new Map<string, KeyObject | undefined>();
  return (keyId) => {
    if (!known.has(keyId)) {
      const key = keyId === unsigned.id ? unsigned.key : findKey(keyId);
      known.set(keyId, key && createSecretKey(key));
    }
    return known.get(keyId);
  };
}

/** All messages about faults of the trail are here. */
export function describeAuditFault(fault: AuditFault, l10n: L10n = english): string {
  switch (fault.kind) {
    case 'altered':
      return l10n.t('Row {0} does not match its signature: it was edited, moved, or inserted.', fault.seq);
    case 'missing':
      return l10n.t('Rows {0} to {1} are missing.', fault.fromSeq, fault.toSeq);
    case 'cutTail':
      return l10n.t(
        'The trail was truncated: rows {0} to {1} are missing at its end.',
        fault.fromSeq,
        fault.toSeq,
      );
    case 'rewrittenTail':
      return l10n.t('The end of the trail was rewritten: row {0} is not the original row.', fault.seq);
    case 'brokenAnchor':
      return l10n.t('The anchor file is damaged, so a truncated trail can no longer be detected.');
    case 'unknownKey':
      return l10n.t(
        'Row {0} was signed with the key {1}, which is not in the key ring.',
        fault.seq,
        fault.keyId,
      );
    default:
      return assertNever(fault);
  }
}
