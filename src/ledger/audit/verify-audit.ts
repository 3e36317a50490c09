import { createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { AuditReader, AuditRow } from '../readers.ts';
import type { Anchor } from './audit-anchor.ts';
import { checkpointMac } from './audit-bodies.ts';
import type { AuditFault } from './audit-faults.ts';
import { genesisMac, rowMac } from './audit-trail.ts';
import type { TrailKeys } from './trail-keys.ts';

export interface WalkReport {
  readonly rows: number;
  /** The number of rows that someone who can write files could have forged, as those without a master key. */
  readonly unsignedRows: number;
  /** The last row. Anchor it if there is no fault. */
  readonly head: Anchor | undefined;
  /** The first faults, in their order. Empty for a sound trail. */
  readonly faults: readonly AuditFault[];
  /** The trail does not contain a row with which it ended before, so later truncation cannot be detected. */
  readonly lostEnd: boolean;
}

export interface AuditProofs {
  readonly keys: TrailKeys;
  /** Rows that the trail must contain, or have dropped because of their age. */
  readonly anchors: readonly Anchor[];
  /** Another such row, which the secret storage has kept. */
  readonly witness: Anchor | undefined;
}

/** A few milliseconds of work, after which the event loop has a turn. */
const chunkRows = 500;
const mostFaults = 100;

/** Rows of a clock that came back are read for the latest of them alone. */
const mostReturns = 100;

/** Reads the whole trail and checks every link, without blocking the event loop for long. */
export async function verifyAudit(trail: AuditReader, proofs: AuditProofs): Promise<WalkReport> {
  for (;;) {
    const first = trail.after(0, 1)[0]?.seq;
    const report = await walk(trail, proofs);
    // If old rows were dropped meanwhile, the result shows a gap. Then verify again.
    if (trail.after(0, 1)[0]?.seq === first) return report;
  }
}

async function walk(trail: AuditReader, proofs: AuditProofs): Promise<WalkReport> {
  const state = new Walk(proofs);
  for (let chunk = trail.after(0, chunkRows); chunk.length > 0;) {
    for (const row of chunk) state.read(row);
    await setImmediate();
    chunk = trail.after(state.lastSeq, chunkRows);
  }
  return state.report();
}

/** What is known of the rows that were read so far. */
class Walk {
  readonly #witness: Anchor | undefined;
  readonly #ends: readonly Anchor[];
  readonly #keys: TrailKeys;
  readonly #keyOf: (keyId: string) => KeyObject | undefined;
  readonly #faults: AuditFault[] = [];
  readonly #contained = new Set<Anchor>();
  readonly #rewritten = new Set<Anchor>();
  #rows = 0;
  #unsignedRows = 0;
  #last: AuditRow | undefined;
  #previousMac: Uint8Array | undefined = genesisMac;
  /** The first row, if it is an unsigned checkpoint. */
  #unsignedCheckpoint: AuditRow | undefined;
  #signsAfterIt = false;

  constructor({ keys, anchors, witness }: AuditProofs) {
    this.#witness = witness;
    this.#ends = witness === undefined ? anchors : [...anchors, witness];
    this.#keys = keys;
    this.#keyOf = cached(keys);
  }

  get lastSeq(): number {
    return this.#last?.seq ?? 0;
  }

  read(row: AuditRow): void {
    const expectedSeq = this.lastSeq + 1;
    const startsHere = this.#last === undefined && row.kind === 'checkpoint';
    if (row.seq !== expectedSeq && !startsHere) {
      this.#add({ kind: 'missing', fromSeq: expectedSeq, toSeq: row.seq - 1 });
      // The row before is missing, so this row cannot be checked, only those after it.
      this.#previousMac = undefined;
    }
    const fault = faultOf(row, this.#previousMac, this.#keyOf);
    if (fault !== undefined) this.#add(fault);
    const startMac = fault === undefined ? checkpointMac(row) : undefined;
    // The content of a forged checkpoint is not used.
    this.#previousMac = startsHere ? startMac : row.mac;
    this.#compare(row, startsHere);
    const isUnsigned = this.#keys.isForgeable(row.keyId);
    if (isUnsigned) this.#unsignedRows += 1;
    if (startsHere && isUnsigned) this.#unsignedCheckpoint = row;
    this.#signsAfterIt ||= !isUnsigned;
    this.#last = row;
    this.#rows += 1;
  }

  report(): WalkReport {
    const lost = this.#ends.filter((end) => !this.#contained.has(end));
    return {
      rows: this.#rows,
      unsignedRows: this.#unsignedRows,
      head: this.#last && { seq: this.#last.seq, mac: hexOf(this.#last.mac) },
      faults: [...this.#startFault(), ...this.#faults, ...lost.flatMap((end) => this.#endFault(end))],
      lostEnd: lost.length > 0,
    };
  }

  #compare(row: AuditRow, startsHere: boolean): void {
    for (const end of this.#ends) {
      if (end.seq === row.seq) {
        (hexOf(this.#previousMac) === end.mac ? this.#contained : this.#rewritten).add(end);
      } else if (startsHere && end.seq < row.seq) this.#contained.add(end);
    }
  }

  /** Anyone can put an unsigned checkpoint in the place of signed rows. */
  #startFault(): AuditFault[] {
    if (this.#unsignedCheckpoint === undefined || !this.#signsAfterIt) return [];
    return [{ kind: 'unsignedCheckpoint', seq: this.#unsignedCheckpoint.seq }];
  }

  #endFault(end: Anchor): AuditFault[] {
    if (end === this.#witness) return [{ kind: 'rolledBack', seq: end.seq }];
    if (this.#rewritten.has(end)) return [{ kind: 'rewrittenTail', seq: end.seq }];
    // Otherwise it is among the rows that are missing in the middle.
    return end.seq > this.lastSeq ? [{ kind: 'cutTail', fromSeq: this.lastSeq + 1, toSeq: end.seq }] : [];
  }

  #add(fault: AuditFault): void {
    if (this.#faults.length < mostFaults) this.#faults.push(fault);
  }
}

/**
 * The number of the last signed row from before `beforeMs`, or 0. Only such a row proves that the rows up to it are that
 * old: the time of any other row could be forged, to have rows dropped that would show a change.
 */
export async function lastAuthentic(trail: AuditReader, beforeMs: number, keys: TrailKeys): Promise<number> {
  const keyOf = cached(keys);
  // Before this row, times may lie in the future, because the clock had been ahead. A later row proves how old they are.
  const returnSeq = trail.latest('clock', mostReturns).find(({ atMs }) => atMs < beforeMs)?.seq ?? 0;
  let found = 0;
  let previous: AuditRow | undefined;
  for (let chunk = trail.after(0, chunkRows); chunk.length > 0;) {
    for (const row of chunk) {
      const isOld = row.atMs < beforeMs;
      if (!isOld && row.seq > returnSeq) return found;
      const previousMac = linkOf(row, previous);
      const isSigned = !keys.isForgeable(row.keyId) && previousMac !== undefined;
      if (isOld && isSigned && faultOf(row, previousMac, keyOf) === undefined) found = row.seq;
      previous = row;
    }
    await setImmediate();
    chunk = trail.after(previous?.seq ?? 0, chunkRows);
  }
  return found;
}

/** The signature that the row is linked to. Undefined if the row before it is missing. */
function linkOf(row: AuditRow, previous: AuditRow | undefined): Uint8Array | undefined {
  if (previous === undefined) return row.seq === 1 || row.kind === 'checkpoint' ? genesisMac : undefined;
  if (row.seq !== previous.seq + 1) return undefined;
  return previous.kind === 'checkpoint' ? checkpointMac(previous) : previous.mac;
}

/** Whether the checkpoint at the start of a trail has a signature that proves something. */
export function isAuthenticStart(checkpoint: AuditRow, keys: TrailKeys): boolean {
  return !keys.isForgeable(checkpoint.keyId) && faultOf(checkpoint, genesisMac, cached(keys)) === undefined;
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
function cached(keys: TrailKeys): (keyId: string) => KeyObject | undefined {
  const known = new Map<string, KeyObject | undefined>();
  return (keyId) => {
    if (!known.has(keyId)) {
      const key = keys.find(keyId);
      known.set(keyId, key && createSecretKey(key));
    }
    return known.get(keyId);
  };
}
