import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../shared/clock.ts';
import { Emitter, type Event } from '../shared/emitter.ts';
import type { Disposable } from '../shared/disposable.ts';
import type { Random } from '../shared/random.ts';
import { ReportedStates } from '../shared/reported-states.ts';
import { AuditTrail, type AuditKey } from './audit/audit-trail.ts';
import { Checkpointer } from './db/checkpointer.ts';
import { CounterTable } from './tables/counter-table.ts';
import { Days } from './days.ts';
import { GatewayTable } from './tables/gateway-table.ts';
import { AdmissionTable } from './tables/admission-table.ts';
import { LedgerTime } from './db/ledger-time.ts';
import { LockTable } from './tables/lock-table.ts';
import { ManifestTable } from './tables/manifest-table.ts';
import { ProviderTable } from './tables/provider-table.ts';
import { HighWaterMark, type Seen } from './tables/high-water-mark.ts';
import { SettledCalls } from './tables/settled-calls.ts';
import { TokenTable } from './tables/token-table.ts';
import { UsageTable } from './tables/usage-table.ts';
import { Writer } from './db/writer.ts';

export interface LedgerOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** The IANA zone whose days are counted. */
  readonly zone: string;
  /** How long a write waits for other windows before it fails. */
  readonly patienceMs: number;
  /** How long a hold lasts without renewal. */
  readonly holdMs: number;
  readonly auditKey: () => AuditKey;
  /** Told when a listener of `onDidChange` throws. */
  readonly onTrouble: (error: unknown) => void;
}

/** Now, as the ledger knows it: within a transaction it is the same for all that is written. */
export interface Moment {
  readonly nowMs: number;
  readonly day: string;
}

/** How soon a window notices what another one wrote. */
const pollMs = 400;

/** The tables of one open ledger, its time, and its one way to write. */
export class LedgerStore implements Disposable {
  readonly usage: UsageTable;
  readonly counters: CounterTable;
  readonly admissions: AdmissionTable;
  readonly settledCalls: SettledCalls;
  readonly providers: ProviderTable;
  readonly manifest: ManifestTable;
  readonly locks: LockTable;
  readonly gateway: GatewayTable;
  readonly tokens: TokenTable;
  readonly audit: AuditTrail;
  readonly days: Days;
  readonly #db: DatabaseSync;
  readonly #clock: Clock;
  readonly #writer: Writer;
  readonly #time: LedgerTime;
  readonly #seen: HighWaterMark;
  readonly #checkpointer: Checkpointer;
  readonly #changed = new Emitter<undefined>();
  readonly #onTrouble: (error: unknown) => void;
  #poll: Disposable | undefined;
  #version: number;
  readonly #troubles = new ReportedStates();

  constructor(db: DatabaseSync, options: LedgerOptions) {
    this.#db = db;
    this.#clock = options.clock;
    this.#onTrouble = options.onTrouble;
    this.#writer = new Writer(db, options.clock, options.random, options.patienceMs);
    this.#time = new LedgerTime(options.clock);
    this.days = new Days(options.zone);
    this.#seen = new HighWaterMark(db);
    this.#checkpointer = new Checkpointer(db);
    this.usage = new UsageTable(db);
    this.counters = new CounterTable(db);
    this.admissions = new AdmissionTable(db);
    this.settledCalls = new SettledCalls(db);
    this.providers = new ProviderTable(db);
    this.manifest = new ManifestTable(db);
    this.locks = new LockTable(db);
    this.gateway = new GatewayTable(db);
    this.tokens = new TokenTable(db);
    this.audit = new AuditTrail(db, options.auditKey);
    this.#version = this.#dataVersion();
    this.#watch();
  }

  /** Something was written, by this window or another. */
  get onDidChange(): Event<undefined> {
    return this.#changed.event;
  }

  /**
   * Runs `work` in one transaction; see `Writer.write` for what it may do and how it fails. `patienceMs`: how long
   * it waits for other windows, if not as long as all others.
   */
  async write<T>(work: (moment: Moment) => T, patienceMs?: number): Promise<T> {
    const value = await this.#writer.write(() => {
      const seen = this.#seen.latest();
      const moment = this.#momentAfter(seen);
      this.#seen.raise(moment, seen);
      return work(moment);
    }, patienceMs);
    this.#checkpointer.countCommit();
    this.#emit();
    return value;
  }

  now(): Moment {
    return this.#momentAfter(this.#seen.latest());
  }

  #momentAfter(seen: Seen): Moment {
    const nowMs = this.#time.nowMs(seen.ms);
    const day = this.days.dayOf(nowMs);
    return { nowMs, day: day > seen.day ? day : seen.day };
  }

  /** Call it once nothing writes any more. */
  dispose(): void {
    this.#poll?.dispose();
    this.#checkpointer.dispose();
    if (this.#db.isOpen) this.#db.close();
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

  /** What was written stays written, whatever becomes of those who are told. */
  #emit(): void {
    try {
      this.#changed.fire(undefined);
    } catch (error) {
      this.#onTrouble(error);
    }
  }

  /** Changes when another connection has committed; https://sqlite.org/pragma.html#pragma_data_version */
  #dataVersion(): number {
    return Number(this.#db.prepare('PRAGMA data_version').get()?.['data_version']);
  }
}
