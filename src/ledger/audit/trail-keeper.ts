import { rm } from 'node:fs/promises';
import { patiently } from '../../shared/atomic-file.ts';
import { auditLimits } from '../../shared/limits.ts';
import type { KeyRing } from '../../vault/key-ring.ts';
import type { AuditRow } from '../readers.ts';
import {
  anchorOf,
  isInTrail,
  readAnchor,
  signedAnchorFile,
  writeAnchor,
  type Anchor,
  type FoundAnchor,
} from './audit-anchor.ts';
import { describeAuditFault, type AuditFault } from './audit-faults.ts';
import { unsigned, type AuditKey } from './audit-key.ts';
import { loadTrailKeys, type TrailKeys } from './trail-keys.ts';
import { AuditWitness, type WitnessOptions } from './audit-witness.ts';
import { isAuthenticStart, verifyAudit, type WalkReport } from './verify-audit.ts';

export interface TrailKeeperOptions extends WitnessOptions {
  /** The file of the database. */
  readonly file: string;
  /** The file of the anchor that is not signed, outside the database. */
  readonly anchorFile: string;
  /** The key that signs the trail. */
  readonly auditKey: () => AuditKey;
  readonly ring: Pick<KeyRing, 'load' | 'auditKeys'>;
}

export interface AuditReport extends WalkReport {
  /** Whether someone who can write files could hide that the end was cut off. */
  readonly isAnchorSigned: boolean;
  /** False if the secret storage cannot be read, so an older copy of the ledger may not have been detected. */
  readonly isWitnessRead: boolean;
  /** The end or the start of the trail cannot be verified any more, unless the user accepts the trail as it is. */
  readonly canAccept: boolean;
}

/** The rows with which the trail ended before, as far as the anchor files prove it. */
interface Anchors {
  readonly isSigned: boolean;
  readonly rows: readonly Anchor[];
  readonly faults: readonly AuditFault[];
}

const advice = 'Use Callguard: Verify Audit Trail.';

/**
 * Keeps the proofs of where the trail ended: the anchor, in a file outside the database, and the witness, in the secret
 * storage. A proof that the trail does not fit is never replaced, unless the user accepts the trail as it is.
 */
export class TrailKeeper {
  readonly #options: TrailKeeperOptions;
  readonly #witness: AuditWitness;
  #lastWork: Promise<unknown> = Promise.resolve();
  #triedSeq = 0;
  /** The row that this window anchored last. */
  #anchored: Anchor | undefined;

  constructor(options: TrailKeeperOptions) {
    this.#options = options;
    this.#witness = new AuditWitness(options);
  }

  /** Anchors the last row. Rejects once for each last row that cannot be anchored. */
  anchor(): Promise<void> {
    return this.#inTurn(() => this.#anchor());
  }

  /** Makes the anchored row the witness. Rejects if that cannot be done, or the trail does not contain the witness. */
  async raiseWitness(mostMs: number = auditLimits.witnessMs): Promise<void> {
    if (this.#anchored === undefined) return;
    const lost = await this.#witness.raise(this.#anchored, mostMs);
    if (lost !== undefined)
      throw new Error(`${describeAuditFault({ kind: 'rolledBack', seq: lost.seq })} ${advice}`);
  }

  /** Brings the proofs up to date before the ledger is closed. */
  async finish(): Promise<void> {
    await this.anchor();
    await this.raiseWitness(auditLimits.witnessAtShutdownMs);
    await this.#witness.free();
  }

  /** Read each time, as another window may have rotated the keys. */
  loadKeys(): Promise<TrailKeys> {
    const { ring, auditKey } = this.#options;
    return loadTrailKeys(ring, auditKey());
  }

  /** Checks every link of the trail, and its proofs. */
  async verify(): Promise<AuditReport> {
    const keys = await this.loadKeys();
    const { isSigned, rows, faults } = await this.#anchors(keys);
    const witness = await this.#witness.read();
    const walked = await verifyAudit(this.#options.store.audit, {
      keys,
      anchors: rows,
      witness: witness.row,
    });
    return {
      ...walked,
      faults: [...walked.faults, ...faults],
      isAnchorSigned: isSigned,
      isWitnessRead: witness.isRead,
      canAccept: walked.lostEnd || faults.length > 0 || this.#forgeableCheckpoint(keys) !== undefined,
    };
  }

  /**
   * Accepts a trail whose end cannot be verified, for example after a backup was restored. A new row records what is
   * missing, and the new proofs cover that row. Does nothing if the trail fits its proofs. Returns false if there is no
   * master key to sign an anchor with.
   */
  accept(): Promise<boolean> {
    return this.#inTurn(() => this.#accept());
  }

  async #anchor(): Promise<void> {
    const { store, auditKey } = this.#options;
    const head = store.audit.head();
    if (head === undefined || head.seq === this.#triedSeq) return;
    this.#triedSeq = head.seq;
    const keys = await this.loadKeys();
    const { isSigned, rows, faults } = await this.#anchors(keys);
    if (faults[0] !== undefined) throw new Error(`${describeAuditFault(faults[0])} ${advice}`);
    if (!rows.every((row) => isInTrail(row, store.audit))) {
      throw new Error(`The audit trail no longer contains its anchored row. ${advice}`);
    }
    // Without a master key a signed anchor cannot be moved on, so it stays.
    if (isSigned && auditKey().id === unsigned.id) return;
    await this.#write(anchorOf(head));
    await this.#renewCheckpoint(keys);
  }

  /** A checkpoint stays for months, in which the key that signed it may leave the key ring. */
  async #renewCheckpoint(keys: TrailKeys): Promise<void> {
    const { store, auditKey } = this.#options;
    const [first] = store.audit.after(0, 1);
    const { id } = auditKey();
    if (first?.kind !== 'checkpoint' || first.keyId === id || id === unsigned.id) return;
    if (isAuthenticStart(first, keys)) await store.signCheckpoint(first);
  }

  async #accept(): Promise<boolean> {
    const { store, auditKey } = this.#options;
    const keys = await this.loadKeys();
    const { isSigned, rows, faults } = await this.#anchors(keys);
    const checkpoint = this.#forgeableCheckpoint(keys);
    const lost = rows.find((row) => !isInTrail(row, store.audit));
    const witness = await this.#witness.read();
    const lostWitness = witness.row && !isInTrail(witness.row, store.audit) ? witness.row : undefined;
    const fits = lost === undefined && lostWitness === undefined && faults.length === 0;
    if (fits && checkpoint === undefined) return true;
    if (isSigned && auditKey().id === unsigned.id) return false;
    const head = await store.recordTruncation({
      ...(lost === undefined ? {} : { lostSeq: lost.seq, lostMac: lost.mac }),
      ...(lostWitness === undefined ? {} : { witnessSeq: lostWitness.seq, witnessMac: lostWitness.mac }),
      ...(faults[0] === undefined ? {} : { fault: faults[0].kind }),
      ...(checkpoint === undefined ? {} : { checkpointSeq: checkpoint.seq }),
    });
    if (checkpoint !== undefined) await store.signCheckpoint(checkpoint);
    const row = anchorOf(head);
    await this.#write(row);
    if (lostWitness !== undefined) await this.#witness.replace(row);
    return true;
  }

  /** The checkpoint at the start of the trail, if anyone could have put it in the place of signed rows. */
  #forgeableCheckpoint(keys: TrailKeys): AuditRow | undefined {
    const { store, auditKey } = this.#options;
    const [first] = store.audit.after(0, 1);
    if (first?.kind !== 'checkpoint' || auditKey().id === unsigned.id) return undefined;
    return keys.isForgeable(first.keyId) ? first : undefined;
  }

  /** The signed anchor is written first: from the row on that says so, a trail without one has a fault. */
  async #write(row: Anchor): Promise<void> {
    const { store, file, anchorFile, auditKey } = this.#options;
    const key = auditKey();
    await writeAnchor(row, key, anchorFile, file);
    if (key.id === unsigned.id) return;
    this.#anchored = row;
    if (store.audit.anchorFormat() !== undefined) return;
    await store.recordAnchorFormat();
    await patiently(() => rm(anchorFile, { force: true }));
  }

  async #anchors(keys: TrailKeys): Promise<Anchors> {
    const { store, anchorFile } = this.#options;
    const isSigned = store.audit.anchorFormat() !== undefined;
    const signed = await readAnchor(signedAnchorFile(anchorFile), keys);
    // Before the anchor is signed for the first time, there may be none, or one that is not signed.
    const others = isSigned ? [] : [await readAnchor(anchorFile, keys)];
    const found = isSigned || signed.kind !== 'missing' ? [signed, ...others] : others;
    const faults = found.flatMap((each) => faultOf(each, isSigned || each === signed));
    return {
      isSigned,
      rows: found.flatMap((each) => (each.kind === 'signed' || each.kind === 'unsigned' ? [each.row] : [])),
      faults,
    };
  }

  /** One after the other: what one of them reads, another one replaces. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#lastWork.then(work);
    this.#lastWork = done.catch(() => undefined);
    return done;
  }
}

function faultOf(found: FoundAnchor, mustBeSigned: boolean): AuditFault[] {
  switch (found.kind) {
    case 'signed':
      return [];
    case 'missing':
      return mustBeSigned ? [{ kind: 'missingAnchor' }] : [];
    case 'unsigned':
      return mustBeSigned ? [{ kind: 'unsignedAnchor' }] : [];
    case 'broken':
      return [{ kind: 'brokenAnchor' }];
    case 'forged':
      return [{ kind: 'forgedAnchor' }];
    case 'unknownKey':
      return [{ kind: 'unknownAnchorKey', keyId: found.keyId }];
  }
}
