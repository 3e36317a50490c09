import type { DatabaseSync } from 'node:sqlite';
import type { AuditKey } from '../../src/ledger/audit/audit-key.ts';
import { openLedger } from '../../src/ledger/db/open-database.ts';
import { Transactions, type TransactionOptions } from '../../src/ledger/db/transactions.ts';
import { defaultLedgerSettings } from '../../src/ledger/ledger-settings.ts';
import { LedgerStore } from '../../src/ledger/ledger-store.ts';
import { SqliteLedger } from '../../src/ledger/sqlite-ledger.ts';
import { LedgerTables } from '../../src/ledger/tables/ledger-tables.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { systemRandom } from '../../src/shared/random.ts';
import { ok } from '../../src/shared/result.ts';

export interface TestLedgerOptions extends TransactionOptions {
  readonly auditKey: () => AuditKey;
  /** How long a hold lasts without renewal. */
  readonly holdMs: number;
}

/** The ledger as one window has it, with its tables. */
export interface TestLedger {
  readonly db: DatabaseSync;
  readonly tables: LedgerTables;
  readonly transactions: Transactions;
  readonly store: LedgerStore;
  readonly ledger: SqliteLedger;
  readonly setAside: string | undefined;
  readonly dispose: () => void;
}

export const testAuditKey: AuditKey = { id: 'key-1', key: Buffer.alloc(32, 7) };

/** A key ring that has this key alone. */
export const testRing = {
  auditKeys: () => Promise.resolve(ok(new Map([[testAuditKey.id, testAuditKey.key]]))),
};

/** Opens the file with the real clock and the default settings, but for the changes. */
export async function openTestLedger(
  file: string,
  changes: Partial<TestLedgerOptions> = {},
): Promise<TestLedger> {
  const options: TestLedgerOptions = {
    ...defaultLedgerSettings,
    clock: systemClock,
    random: systemRandom,
    zone: 'UTC',
    auditKey: () => testAuditKey,
    onTrouble: (error) => {
      throw error;
    },
    ...changes,
  };
  const { db, setAside } = await openLedger(file, options.clock);
  const transactions = new Transactions(db, options);
  const tables = new LedgerTables(db, options.auditKey);
  return {
    ...{ db, tables, transactions, setAside },
    store: new LedgerStore(tables, transactions),
    ledger: new SqliteLedger(tables, transactions, options.holdMs),
    dispose: () => {
      transactions.dispose();
    },
  };
}
