import { createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { english, type L10n } from '../../shared/l10n.ts';
import { assertNever } from '../../shared/result.ts';
import type { Anchor, FoundAnchor } from './audit-anchor.ts';
import type { AuditReader, AuditRow } from '../readers.ts';
import { genesisMac, rowMac } from './audit-trail.ts';
import { checkpointMac } from '../retention.ts';
import { unsigned } from './audit-key.ts';

/** Where the trail is not what was written. */
export type AuditFault =
  /** Edited, put in, or moved here from another place. */
  | { readonly kind: 'altered'; readonly seq: number }
  | { readonly kind: 'missing'; readonly fromSeq: number; readonly toSeq: number }
  /** Rows up to `toSeq` were there once, at the end. */
  | { readonly kind: 'cutTail'; readonly fromSeq: number; readonly toSeq: number }
  /** Another row than the one that was anchored: the tail was cut off and written anew. */
  | { readonly kind: 'rewrittenTail'; readonly seq: number }
  /** What would show that the end was cut off cannot be read. */
  | { readonly kind: 'brokenAnchor' }
  | { readonly kind: 'unknownKey'; readonly seq: number; readonly keyId: string };

export interface AuditReport {
  readonly rows: number;
  /** Of these, how many were written without a master key: whoever can write the file could have written them. */
  readonly unsignedRows: number;
  /** The last row; to be anchored when there is no fault. */
  readonly head: Anchor | undefined;
  /** The first ones, in their order; empty for a sound trail. */
  readonly faults: readonly AuditFault[];
  /** The anchored row is not in it, so that no later cut can show. */
  readonly lostAnchor: boolean;
}

export interface AuditWitnesses {
  /** The key of that id, if the vault's ring still has it. */
  readonly findKey: (keyId: string) => Buffer | undefined;
  readonly anchor: FoundAnchor;
}

/** A few milliseconds of work, after which everybody else has a turn. */
const chunkRows = 500;
const mostFaults = 100;

/** Walks the whole trail and checks every link, without keeping the event loop for long. */
export async function verifyAudit(trail: AuditReader, witnesses: AuditWitnesses): Promise<AuditReport> {
  for (;;) {
    const first = trail.after(0, 1)[0]?.seq;
    const report = await walk(trail, witnesses);
    // Old rows may have been dropped under our feet, which looks like a gap; then once more.
    if (trail.after(0, 1)[0]?.seq === first) return report;
  }
}

async function walk(trail: AuditReader, { findKey, anchor: found }: AuditWitnesses): Promise<AuditReport> {
  const anchor = found === 'broken' ? undefined : found;
  const keyOf = remembering(findKey);
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
        // What it was linked to is gone, so only its own signature is taken from here on.
        previousMac = undefined;
      }
      const fault = faultOf(row, previousMac, keyOf);
      if (fault !== undefined) faults.push(fault);
      // What a forged checkpoint says is not believed.
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

/** Each key is asked for, and made ready, once. */
function remembering(findKey: AuditWitnesses['findKey']): (keyId: string) => KeyObject | undefined {
  const known = new Map<string, KeyObject | undefined>();
  return (keyId) => {
    if (!known.has(keyId)) {
      const key = keyId === unsigned.id ? unsigned.key : findKey(keyId);
      known.set(keyId, key && createSecretKey(key));
    }
    return known.get(keyId);
  };
}

/** The only place where a fault of the trail is worded. */
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
