import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { sleep, type Clock } from '../../shared/clock.ts';
import type { Random } from '../../shared/random.ts';
import { LedgerError } from './ledger-error.ts';
import { describeSqliteError, isBusy, isSqliteError, isUnreadableNumber } from './sqlite-error.ts';

interface Job {
  run(): void;
  resolve(): void;
  reject(error: unknown): void;
  readonly giveUpMs: number;
}

/** How long one transaction may block other windows and this extension host. */
const batchMs = 4;
const firstPauseMs = 1;
const longestPauseMs = 16;

/**
 * Runs the write transactions of this process in order, each with `BEGIN IMMEDIATE`. While another window has the lock,
 * it waits without blocking the extension host, with jitter, so that no window starves. It commits all jobs that are
 * in the queue by then together.
 */
export class Writer {
  readonly #db: DatabaseSync;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #patienceMs: number;
  readonly #queue: Job[] = [];
  #draining = false;

  /** `patienceMs` is how long a write waits for the lock before it fails, if the write itself gives no time. */
  constructor(db: DatabaseSync, clock: Clock, random: Random, patienceMs: number) {
    this.#db = db;
    this.#clock = clock;
    this.#random = random;
    this.#patienceMs = patienceMs;
  }

  /**
   * Runs `work` in a transaction and resolves once it is committed. `work` may run more than once, so it must only read
   * and write the database. Rejects with a LedgerError if the database cannot be written, or with the error that `work`
   * throws.
   */
  write<T>(work: () => T, patienceMs = this.#patienceMs): Promise<T> {
    return new Promise((resolve, reject) => {
      let done: { value: T } | undefined;
      this.#queue.push({
        run: () => {
          done = { value: work() };
        },
        resolve: () => {
          if (done !== undefined) resolve(done.value);
        },
        reject,
        giveUpMs: this.#clock.monotonicMs() + patienceMs,
      });
      if (!this.#draining) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#draining = true;
    let pauseMs = firstPauseMs;
    while (this.#queue.length > 0) {
      // Other work of this process runs before each batch. A write that it adds joins the batch.
      await setImmediate();
      if (this.#commitBatch()) pauseMs = firstPauseMs;
      else {
        await sleep(this.#clock, pauseMs * (0.5 + this.#random.next()));
        pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      }
    }
    this.#draining = false;
  }

  /** False if another window has the lock and some jobs can still wait. */
  #commitBatch(): boolean {
    const batch: Job[] = [];
    let running: Job | undefined;
    try {
      this.#db.exec('BEGIN IMMEDIATE');
      const startMs = this.#clock.monotonicMs();
      for (running = this.#queue.shift(); running !== undefined; running = this.#queue.shift()) {
        batch.push(running);
        running.run();
        if (this.#clock.monotonicMs() - startMs >= batchMs) break;
      }
      running = undefined;
      this.#db.exec('COMMIT');
    } catch (error) {
      this.#rollBack();
      return this.#failed(batch, running, error);
    }
    for (const job of batch) job.resolve();
    return true;
  }

  #rollBack(): void {
    try {
      this.#db.exec('ROLLBACK');
    } catch {
      // The transaction never began, SQLite has rolled it back itself, or the database is closed.
    }
  }

  #failed(batch: Job[], culprit: Job | undefined, error: unknown): boolean {
    if (isBusy(error)) {
      this.#queue.unshift(...batch);
      this.#giveUp(new LedgerError('another window has locked it', { cause: error }));
      return this.#queue.length === 0;
    }
    const reason =
      isSqliteError(error) || isUnreadableNumber(error)
        ? new LedgerError(describeSqliteError(error), { cause: error })
        : error;
    if (culprit === undefined) {
      // BEGIN or COMMIT failed, for example because the disk is full. Nothing of the batch was written.
      const jobs = batch.length > 0 ? batch : this.#queue.splice(0, 1);
      for (const job of jobs) job.reject(reason);
      return true;
    }
    // One job failed, and the transaction with it. The other jobs run again without it.
    culprit.reject(reason);
    this.#queue.unshift(...batch.filter((job) => job !== culprit));
    return true;
  }

  /** Rejects every job whose time is over, also behind a job that waits longer. */
  #giveUp(reason: LedgerError): void {
    const nowMs = this.#clock.monotonicMs();
    for (const job of this.#queue.splice(0)) {
      if (nowMs < job.giveUpMs) this.#queue.push(job);
      else job.reject(reason);
    }
  }
}
