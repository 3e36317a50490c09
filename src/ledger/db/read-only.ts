import { DatabaseSync } from 'node:sqlite';
import type { Disposable } from '../../shared/disposable.ts';
import { CallRows } from '../tables/call-rows.ts';
import { Days } from '../days.ts';
import type { CallReader, Moment, PartReader, UsageReader } from '../readers.ts';
import type { Cap, CapUse } from '../../guard/caps.ts';
import { capReader, type CapTables } from '../cap-use.ts';
import { AdmissionTable } from '../tables/admission-table.ts';
import { PartUsageTable } from '../tables/part-usage-table.ts';
import { SessionUseTable } from '../tables/session-use-table.ts';
import { UsageTable } from '../tables/usage-table.ts';

/** A thread that only reads may wait this long. The extension host must not. */
const patienceMs = 2_000;

/** The readers that reports need, over a connection that cannot write. */
export class ReadOnlyLedger implements Disposable {
  readonly usage: UsageReader;
  readonly parts: PartReader;
  readonly calls: CallReader;
  readonly days: Days;
  readonly #db: DatabaseSync;
  readonly #tables: CapTables;

  /** Another connection must have opened the ledger, so that its schema is the current one. */
  constructor(file: string, zone: string) {
    this.#db = new DatabaseSync(file, { readOnly: true, timeout: patienceMs });
    this.#tables = {
      usage: new UsageTable(this.#db),
      parts: new PartUsageTable(this.#db),
      sessions: new SessionUseTable(this.#db),
      admissions: new AdmissionTable(this.#db),
    };
    this.usage = this.#tables.usage;
    this.parts = this.#tables.parts;
    this.calls = new CallRows(this.#db);
    this.days = new Days(zone);
  }

  /** Returns a function that reads how full a cap is at a moment. */
  capUse(moment: Moment): (cap: Cap) => CapUse {
    return capReader(this.#tables, this.days, moment).use;
  }

  /** Runs `read` on one state of the ledger, even if other windows write meanwhile. */
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
