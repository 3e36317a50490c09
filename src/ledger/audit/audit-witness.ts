import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../../shared/clock.ts';
import { parseJson } from '../../shared/json.ts';
import { auditLimits } from '../../shared/limits.ts';
import { within } from '../../shared/within.ts';
import type { SecretStore } from '../../vault/vault-ports.ts';
import type { LedgerStore } from '../ledger-store.ts';
import { anchorSchema, isInTrail, type Anchor } from './audit-anchor.ts';
import { ledgerIdOf } from './audit-bodies.ts';

/** Where the witness is: out of reach of someone who can only write files. */
export type WitnessStore = Pick<SecretStore, 'get' | 'set'>;

export interface WitnessOptions {
  readonly store: LedgerStore;
  readonly secrets: WitnessStore;
  readonly clock: Clock;
}

const namePrefix = 'callguard.auditWitness.';
const lease = 'auditWitness';
const witnessSchema = anchorSchema.extend({ ledger: z.string() });

/**
 * A row with which the trail of a ledger ended at some time, in the secret storage. An older copy of the whole folder
 * does not contain that row. The storage may wait for its user, so nothing here waits long for it.
 */
export class AuditWitness {
  readonly #options: WitnessOptions;
  readonly #owner = randomUUID();
  #isRaising = false;
  /** The lease is a write, which would lead to the next attempt even if no row was added. */
  #comparedSeq = 0;

  constructor(options: WitnessOptions) {
    this.#options = options;
  }

  /** `isRead` is false if the storage cannot be read. */
  async read(): Promise<{ row: Anchor | undefined; isRead: boolean }> {
    const ledger = this.#ledgerId();
    if (ledger === undefined) return { row: undefined, isRead: true };
    try {
      const row = await within(this.#options.clock, auditLimits.witnessMs, () => this.#get(ledger));
      if (row !== 'late') return { row, isRead: true };
    } catch {
      // Verification goes on without it and says so.
    }
    return { row: undefined, isRead: false };
  }

  /**
   * Makes `row` the witness if it is later than the one before. One window does that for all, at most once a minute.
   * `row` must be on the disk: after a power failure the trail would not contain it. Returns the witness if the trail
   * does not contain it. Rejects if the storage does not answer in time.
   */
  async raise(row: Anchor, mostMs: number): Promise<Anchor | undefined> {
    const ledger = this.#ledgerId();
    // A storage that does not answer is not asked again.
    if (ledger === undefined || this.#isRaising || row.seq === this.#comparedSeq) return undefined;
    this.#isRaising = true;
    return await this.#within(mostMs, (isLate) =>
      this.#raise(ledger, row, isLate).finally(() => {
        this.#isRaising = false;
      }),
    );
  }

  /** Makes `row` the witness, whatever it was before. */
  async replace(row: Anchor): Promise<void> {
    const ledger = this.#ledgerId();
    if (ledger !== undefined) await this.#within(auditLimits.witnessMs, () => this.#set(ledger, row));
  }

  /** Lets another window raise it. */
  async free(): Promise<void> {
    await this.#options.store.freeLease(lease, this.#owner);
  }

  async #raise(ledger: string, row: Anchor, isLate: () => boolean): Promise<Anchor | undefined> {
    const { store } = this.#options;
    const isOurTurn = await store.takeLease(lease, this.#owner, auditLimits.witnessEveryMs);
    if (!isOurTurn || isLate()) return undefined;
    const before = await this.#get(ledger);
    if (isLate()) return undefined;
    this.#comparedSeq = row.seq;
    if (before !== undefined && !isInTrail(before, store.audit)) return before;
    if (before === undefined || before.seq < row.seq) await this.#set(ledger, row);
    return undefined;
  }

  /** A damaged witness counts as none, because someone who can damage it can delete it, too. */
  async #get(ledger: string): Promise<Anchor | undefined> {
    const text = await this.#options.secrets.get(namePrefix + ledger);
    const parsed = witnessSchema.safeParse(parseJson(text ?? ''));
    if (!parsed.success || parsed.data.ledger !== ledger) return undefined;
    const { seq, mac } = parsed.data;
    return { seq, mac };
  }

  async #set(ledger: string, { seq, mac }: Anchor): Promise<void> {
    await this.#options.secrets.set(namePrefix + ledger, JSON.stringify({ ledger, seq, mac }));
  }

  async #within<T>(mostMs: number, work: (isLate: () => boolean) => Promise<T>): Promise<T> {
    const done = await within(this.#options.clock, mostMs, work);
    if (done === 'late') {
      throw new Error(
        'The secret storage does not answer, so it does not have the last row of the audit trail.',
      );
    }
    return done;
  }

  /** Undefined for an empty trail. */
  #ledgerId(): string | undefined {
    const { audit } = this.#options.store;
    const [first] = audit.after(0, 1);
    return audit.anchorFormat()?.ledger ?? (first && ledgerIdOf(first));
  }
}
