import type { Clock } from '../shared/clock.ts';
import { DisposableStore, type Disposable } from '../shared/disposable.ts';
import { auditLimits } from '../shared/limits.ts';
import type { TrailKeeper } from './audit/trail-keeper.ts';
import { ClockReturn, leastAheadMs } from './clock-return.ts';
import { applyRetention, type Retention } from './retention.ts';
import type { Transactions } from './db/transactions.ts';
import type { LedgerTables } from './tables/ledger-tables.ts';

export interface MaintenanceOptions {
  readonly tables: LedgerTables;
  readonly transactions: Transactions;
  readonly clock: Clock;
  readonly trail: TrailKeeper;
  readonly retention: Retention;
  readonly onTrouble: (error: unknown) => void;
}

/** A cut within this time cannot be detected. To anchor every row would write a file for each. */
const anchorAfterMs = 2_000;
const firstRetentionAfterMs = 60_000;
const retentionEveryMs = 6 * 3_600_000;
const lookAtClockEveryMs = 30_000;

/** The regular work on an open ledger: it keeps the proofs of the audit trail's end and drops old rows. */
export class Maintenance implements Disposable {
  readonly #options: MaintenanceOptions;
  readonly #owned = new DisposableStore();
  #anchoring: Disposable | undefined;
  #witnessing: Disposable | undefined;
  #dropping: Disposable;
  #looking: Disposable;
  readonly #clockReturn: ClockReturn;
  #disposed = false;

  constructor(options: MaintenanceOptions) {
    this.#options = options;
    this.#owned.add(
      options.transactions.onDidChange(() => {
        this.#anchorSoon();
        this.#witnessSoon();
      }),
    );
    this.#dropping = this.#dropAfter(firstRetentionAfterMs);
    this.#clockReturn = new ClockReturn(options.clock);
    this.#looking = this.#lookAtClockLater();
  }

  /** Work in progress may fail after this, as the ledger is closed. The next session repeats it. */
  dispose(): void {
    this.#disposed = true;
    this.#owned.dispose();
    this.#anchoring?.dispose();
    this.#witnessing?.dispose();
    this.#dropping.dispose();
    this.#looking.dispose();
  }

  #anchorSoon(): void {
    const { clock, trail } = this.#options;
    this.#anchoring ??= clock.after(anchorAfterMs, () => {
      this.#anchoring = undefined;
      void this.#attend(trail.anchor());
    });
  }

  #witnessSoon(): void {
    const { clock, trail } = this.#options;
    this.#witnessing ??= clock.after(auditLimits.witnessEveryMs, () => {
      this.#witnessing = undefined;
      void this.#attend(trail.raiseWitness());
    });
  }

  #dropAfter(delayMs: number): Disposable {
    return this.#options.clock.after(delayMs, () => {
      void this.#attend(this.#dropOldRows());
      this.#dropping = this.#dropAfter(retentionEveryMs);
    });
  }

  #lookAtClockLater(): Disposable {
    return this.#options.clock.after(lookAtClockEveryMs, () => {
      void this.#attend(this.#followClock());
      this.#looking = this.#lookAtClockLater();
    });
  }

  async #followClock(): Promise<void> {
    const { tables, transactions } = this.#options;
    if (!this.#clockReturn.isDue(transactions.now().nowMs)) return;
    await transactions.followClock(leastAheadMs, (step) => {
      tables.clockShift.apply(step);
      tables.audit.append(step.toMs, 'clock', step);
    });
  }

  async #dropOldRows(): Promise<void> {
    const { tables, transactions, retention, trail } = this.#options;
    await applyRetention(tables, transactions, retention, await trail.loadKeys());
  }

  async #attend(work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (!this.#disposed) this.#options.onTrouble(error);
    }
  }
}
