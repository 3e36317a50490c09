import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { patiently } from '../../shared/atomic-file.ts';
import type { Clock } from '../../shared/clock.ts';
import { auditLimits } from '../../shared/limits.ts';
import { within } from '../../shared/within.ts';
import type { KeyRing } from '../../vault/key-ring.ts';
import type { LedgerStore } from '../ledger-store.ts';
import {
  anchorOf,
  isInTrail,
  readAnchor,
  signedAnchorFile,
  writeAnchor,
  type Anchor,
  type FoundAnchor,
} from './audit-anchor.ts';
import { ledgerIdOf } from './audit-bodies.ts';
import { describeAuditFault, type AuditFault } from './audit-faults.ts';
import { unsigned, type AuditKey } from './audit-key.ts';
import { readWitness, writeWitness, type WitnessStore } from './audit-witness.ts';
import { verifyAudit, type FindKey, type WalkReport } from './verify-audit.ts';

export interface TrailKeeperOptions {
  readonly store: LedgerStore;
  /** The file of the database. */
  readonly file: string;
  /** The file of the anchor that is not signed, outside the database. */
  readonly anchorFile: string;
  /** The key that signs the trail. */
  readonly auditKey: () => AuditKey;
  readonly ring: Pick<KeyRing, 'auditKeys'>;
  readonly secrets: WitnessStore;
  readonly clock: Clock;
}

export interface AuditReport extends WalkReport {
  /** Whether someone who can write files could hide that the end was cut off. */
  readonly isAnchorSigned: boolean;
  /** False if the secret storage cannot be read, so an older copy of the ledger may not have been detected. */
  readonly isWitnessRead: boolean;
  /** The end of the trail cannot be verified any more, unless the user accepts the trail as it is. */
  readonly canAccept: boolean;
}

/** The rows with which the trail ended before, as far as the anchor files prove it. */
interface Anchors {
  readonly isSigned: boolean;
  readonly rows: readonly Anchor[];
  readonly faults: readonly AuditFault[];
}

const lease = 'auditWitness';
const advice = 'Use Callguard: Verify Audit Trail.';
const noAnswer = 'The secret storage does not answer, so it does not have the last row of the audit trail.';

/**
 * Keeps the proofs of where the trail ended: the anchor, in a file outside the database, and the witness, in the secret
 * storage. A proof that the trail does not fit is never replaced, unless the user accepts the trail as it is.
 */
export class TrailKeeper {
  readonly #options: TrailKeeperOptions;
  readonly #owner = randomUUID();
  #lastWork: Promise<unknown> = Promise.resolve();
  #triedSeq = 0;
  /** The row that this window anchored last. */
  #anchored: Anchor | undefined;
  #isRaising = false;

  constructor(options: TrailKeeperOptions) {
    this.#options = options;
  }

  /** Anchors the last row. Rejects once for each last row that cannot be anchored. */
  anchor(): Promise<void> {
    return this.#inTurn(() => this.#anchor());
  }

  /**
   * Keeps the anchored row in the secret storage. One window does that for all, at most once a minute. Rejects if the
   * storage does not answer in time, or has a row that the trail does not contain.
   */
  async raiseWitness(mostMs: number = auditLimits.witnessMs): Promise<void> {
    const row = this.#anchored;
    // A storage that does not answer is not asked again.
    if (row === undefined || this.#isRaising) return;
    this.#isRaising = true;
    const { clock } = this.#options;
    const lost = await within(clock, mostMs, (isLate) =>
      this.#raise(row, isLate).finally(() => {
        this.#isRaising = false;
      }),
    );
    if (lost === 'late') throw new Error(noAnswer);
    if (lost !== undefined)
      throw new Error(`${describeAuditFault({ kind: 'rolledBack', seq: lost.seq })} ${advice}`);
  }

  /** Brings the proofs up to date before the ledger is closed. */
  async finish(): Promise<void> {
    await this.anchor();
    await this.raiseWitness(auditLimits.witnessAtShutdownMs);
    await this.#options.store.freeLease(lease, this.#owner);
  }

  /** Finds the keys of the ring, and the one that signs now. */
  async findKey(): Promise<FindKey> {
    const { ring, auditKey } = this.#options;
    const keys = await ring.auditKeys();
    const own = auditKey();
    return (id) => (id === own.id ? own.key : keys.ok ? keys.value.get(id) : undefined);
  }

  /** Checks every link of the trail, and its proofs. */
  async verify(): Promise<AuditReport> {
    const findKey = await this.findKey();
    const { isSigned, rows, faults } = await this.#anchors(findKey);
    const witness = await this.#readWitness();
    const walked = await verifyAudit(this.#options.store.audit, {
      findKey,
      anchors: rows,
      witness: witness.row,
    });
    return {
      ...walked,
      faults: [...walked.faults, ...faults],
      isAnchorSigned: isSigned,
      isWitnessRead: witness.isRead,
      canAccept: walked.lostEnd || faults.length > 0,
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
    const { isSigned, rows, faults } = await this.#anchors(await this.findKey());
    if (faults[0] !== undefined) throw new Error(`${describeAuditFault(faults[0])} ${advice}`);
    if (!rows.every((row) => isInTrail(row, store.audit))) {
      throw new Error(`The audit trail no longer contains its anchored row. ${advice}`);
    }
    // Without a master key a signed anchor cannot be moved on, so it stays.
    if (isSigned && auditKey().id === unsigned.id) return;
    await this.#write(anchorOf(head));
  }

  async #accept(): Promise<boolean> {
    const { store, auditKey, clock, secrets } = this.#options;
    const { isSigned, rows, faults } = await this.#anchors(await this.findKey());
    const lost = rows.find((row) => !isInTrail(row, store.audit));
    const witness = await this.#readWitness();
    const lostWitness = witness.row && !isInTrail(witness.row, store.audit) ? witness.row : undefined;
    if (lost === undefined && lostWitness === undefined && faults.length === 0) return true;
    if (isSigned && auditKey().id === unsigned.id) return false;
    const head = await store.recordTruncation({
      ...(lost === undefined ? {} : { lostSeq: lost.seq, lostMac: lost.mac }),
      ...(lostWitness === undefined ? {} : { witnessSeq: lostWitness.seq, witnessMac: lostWitness.mac }),
      ...(faults[0] === undefined ? {} : { fault: faults[0].kind }),
    });
    const row = anchorOf(head);
    await this.#write(row);
    const ledger = this.#ledgerId();
    if (lostWitness === undefined || ledger === undefined) return true;
    const written = await within(clock, auditLimits.witnessMs, () => writeWitness(secrets, ledger, row));
    if (written === 'late') throw new Error(noAnswer);
    return true;
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

  async #anchors(findKey: FindKey): Promise<Anchors> {
    const { store, anchorFile } = this.#options;
    const isSigned = store.audit.anchorFormat() !== undefined;
    const signed = await readAnchor(signedAnchorFile(anchorFile), findKey);
    // Before the anchor is signed for the first time, there may be none, or one that is not signed.
    const others = isSigned ? [] : [await readAnchor(anchorFile, findKey)];
    const found = isSigned || signed.kind !== 'missing' ? [signed, ...others] : others;
    const faults = found.flatMap((each) => faultOf(each, isSigned || each === signed));
    return {
      isSigned,
      rows: found.flatMap((each) => (each.kind === 'signed' || each.kind === 'unsigned' ? [each.row] : [])),
      faults,
    };
  }

  /** Returns the row in the secret storage if the trail does not contain it. */
  async #raise(row: Anchor, isLate: () => boolean): Promise<Anchor | undefined> {
    const { store, secrets } = this.#options;
    const ledger = this.#ledgerId();
    if (ledger === undefined) return undefined;
    if (!(await store.takeLease(lease, this.#owner, auditLimits.witnessEveryMs)) || isLate())
      return undefined;
    const before = await readWitness(secrets, ledger);
    if (isLate()) return undefined;
    if (before !== undefined && !isInTrail(before, store.audit)) return before;
    if (before === undefined || before.seq < row.seq) await writeWitness(secrets, ledger, row);
    if (this.#anchored === row) this.#anchored = undefined;
    return undefined;
  }

  async #readWitness(): Promise<{ row: Anchor | undefined; isRead: boolean }> {
    const { clock, secrets } = this.#options;
    const ledger = this.#ledgerId();
    if (ledger === undefined) return { row: undefined, isRead: true };
    try {
      const row = await within(clock, auditLimits.witnessMs, () => readWitness(secrets, ledger));
      if (row !== 'late') return { row, isRead: true };
    } catch {
      // The report says that it cannot be read.
    }
    return { row: undefined, isRead: false };
  }

  /** Undefined for an empty trail. */
  #ledgerId(): string | undefined {
    const { audit } = this.#options.store;
    const [first] = audit.after(0, 1);
    return audit.anchorFormat()?.ledger ?? (first && ledgerIdOf(first));
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
