import { DatabaseSync } from 'node:sqlite';
import type { Disposable } from '../../shared/disposable.ts';
import { CallRows } from '../tables/call-rows.ts';
import { Days } from '../days.ts';
import type { CallReader, Moment, UsageReader } from '../readers.ts';
import type { Cap, CapUse } from '../../guard/caps.ts';
import { capReader, type CapTables } from '../cap-use.ts';
import { AdmissionTable } from '../tables/admission-table.ts';
import { UsageTable } from '../tables/usage-table.ts';

/** For a thread that only reads: it may wait where the extension host must not. */
const patienceMs = 2_000;

/** The tables that reports are read from, over a connection that cannot write. */
export class ReadOnlyLedger implements Disposable {
  readonly usage: UsageReader;
  readonly calls: CallReader;
  readonly days: Days;
  readonly #db: DatabaseSync;
  readonly #tables: CapTables;

  /** Of a ledger that another connection has opened: its schema is taken to be the current one. */
  constructor(file: string, zone: string) {
    this.#db = new DatabaseSync(file, { readOnly: true, timeout: patienceMs });
    this.#tables = { usage: new UsageTable(this.#db), admissions: new AdmissionTable(this.#db) };
    this.usage = this.#tables.usage;
    this.calls = new CallRows(this.#db);
    this.days = new Days(zone);
  }

  /** Reads what counts against a cap at a moment. */
  capUse(moment: Moment): (cap: Cap) => CapUse {
    return capReader(this.#tables, this.days, moment);
  }

  /** Runs `read` on one state of the ledger, whatever other windows write meanwhile. */
  atOnce<T>(read: () => T): T {
    this.#db.exec('BEGIN');
    try {
      return read();
    } finally {
      this.#db.exec('COMMIT');
    }
  }

  dispose(): void {
    this.#db.close();
  }
}
