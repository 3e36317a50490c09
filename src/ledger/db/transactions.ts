import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../shared/clock.ts';
import type { Disposable } from '../../shared/disposable.ts';
import { Emitter, type Event } from '../../shared/emitter.ts';
import type { Random } from '../../shared/random.ts';
import { ReportedStates } from '../../shared/reported-states.ts';
import { Days } from '../days.ts';
import type { Moment } from '../readers.ts';
import type { ClockStep } from '../tables/clock-shift.ts';
import { HighWaterMark, type Seen } from '../tables/high-water-mark.ts';
import { Checkpointer } from './checkpointer.ts';
import { LedgerTime } from './ledger-time.ts';
import { Writer } from './writer.ts';

export interface TransactionOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** The IANA zone whose days are counted. */
  readonly zone: string;
  /** How long a write waits for other windows before it fails. */
  readonly patienceMs: number;
  /** Called when a listener of `onDidChange` throws, or the file cannot be read. */
  readonly onTrouble: (error: unknown) => void;
}

/** A window notices within this time that another one wrote. */
const pollMs = 400;

/** The transactions of one open ledger, its time, and its change event. */
export class Transactions implements Disposable {
  readonly days: Days;
  readonly #db: DatabaseSync;
  readonly #clock: Clock;
  readonly #writer: Writer;
  readonly #time: LedgerTime;
  readonly #highWaterMark: HighWaterMark;
  readonly #checkpointer: Checkpointer;
  readonly #changed = new Emitter<undefined>();
  readonly #onTrouble: (error: unknown) => void;
  #poll: Disposable | undefined;
  #version: number;
  readonly #troubles = new ReportedStates();

  constructor(db: DatabaseSync, options: TransactionOptions) {
    this.#db = db;
    this.#clock = options.clock;
    this.#onTrouble = options.onTrouble;
    this.#writer = new Writer(db, options.clock, options.random, options.patienceMs);
    this.#time = new LedgerTime(options.clock);
    this.days = new Days(options.zone);
    this.#highWaterMark = new HighWaterMark(db);
    this.#checkpointer = new Checkpointer(db);
    this.#version = this.#dataVersion();
    this.#watch();
  }

  /** Fires after this window or another one wrote something. */
  get onDidChange(): Event<undefined> {
    return this.#changed.event;
  }

  /**
   * Runs `work` in one transaction. `Writer.write` says what `work` may do and how it fails. `patienceMs` is how long
   * it waits for other windows; the default is that of the options.
   */
  async write<T>(work: (moment: Moment) => T, patienceMs?: number): Promise<T> {
    const value = await this.#writer.write(() => {
      const seen = this.#highWaterMark.latest();
      const moment = this.#momentAfter(seen);
      const result = work(moment);
      this.#highWaterMark.raise({ ms: moment.nowMs, day: moment.day }, seen);
      return result;
    }, patienceMs);
    this.#checkpointer.countCommit();
    this.#emit();
    return value;
  }

  /**
   * Sets the ledger's time back to the clock's, in one transaction with `work`, which moves what is stored. Does nothing
   * if the ledger is not ahead by `leastAheadMs` any more, because another window was first.
   */
  async followClock(leastAheadMs: number, work: (step: ClockStep) => void): Promise<void> {
    await this.#writer.write(() => {
      const { nowMs: fromMs } = this.#momentAfter(this.#highWaterMark.latest());
      const toMs = Math.floor(this.#clock.nowMs());
      if (fromMs - toMs < leastAheadMs) return;
      work({ fromMs, toMs });
      this.#highWaterMark.setBack(toMs, this.days.dayOf(toMs));
    });
    this.#emit();
  }

  now(): Moment {
    return this.#momentAfter(this.#highWaterMark.latest());
  }

  /** Call this after the last write. */
  dispose(): void {
    this.#poll?.dispose();
    this.#checkpointer.dispose();
    if (this.#db.isOpen) this.#db.close();
  }

  #momentAfter(seen: Seen): Moment {
    const nowMs = this.#time.nowMs(seen);
    const day = this.days.dayOf(nowMs);
    return { nowMs, day: day > seen.day ? day : seen.day };
  }

  #watch(): void {
    this.#poll = this.#clock.after(pollMs, () => {
      this.#look();
      this.#watch();
    });
  }

  /** A disk that cannot be read now may be readable the next time. Each such error is reported once. */
  #look(): void {
    let version: number;
    try {
      version = this.#dataVersion();
    } catch (error) {
      if (this.#troubles.update([String(error)]).length > 0) this.#onTrouble(error);
      return;
    }
    this.#troubles.update([]);
    if (version === this.#version) return;
    this.#version = version;
    this.#emit();
  }

  /** The transaction is committed, so a listener that throws must not fail it. */
  #emit(): void {
    try {
      this.#changed.fire(undefined);
    } catch (error) {
      this.#onTrouble(error);
    }
  }

  /** Changes when another connection commits: https://sqlite.org/pragma.html#pragma_data_version */
  #dataVersion(): number {
    return Number(this.#db.prepare('PRAGMA data_version').get()?.['data_version']);
  }
}
