import type { DatabaseSync } from 'node:sqlite';
import { unsigned, type AuditKey } from '../../src/ledger/audit/audit-key.ts';
import type { TrailKeeperOptions } from '../../src/ledger/audit/trail-keeper.ts';
import type { TrailKeys } from '../../src/ledger/audit/trail-keys.ts';
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

/** The keys of a trail. Someone who can write files can use `unsigned`, and those named as forgeable. */
export function trailKeys(keys: readonly AuditKey[], forgeable: readonly string[] = []): TrailKeys {
  const all = new Map([unsigned, ...keys].map(({ id, key }) => [id, key]));
  return {
    find: (id) => all.get(id),
    isForgeable: (id) => id === unsigned.id || forgeable.includes(id),
  };
}

export const testKeys = trailKeys([testAuditKey]);

/** A key ring file that has this key alone. */
export const testRing: TrailKeeperOptions['ring'] = {
  load: () => Promise.resolve(ok({ source: 'file', current: undefined, previous: [] })),
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
