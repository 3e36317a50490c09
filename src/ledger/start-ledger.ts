import { rm } from 'node:fs/promises';
import type { DatabaseSync } from 'node:sqlite';
import { patiently } from '../shared/atomic-file.ts';
import type { Disposable } from '../shared/disposable.ts';
import type { LedgerSettings } from './ledger-settings.ts';
import { openLedger } from './db/open-database.ts';
import { SqliteLedger } from './sqlite-ledger.ts';
import type { AuditKey } from './audit/audit-trail.ts';
import { Transactions, type TransactionOptions } from './db/transactions.ts';
import { LedgerStore } from './ledger-store.ts';
import { LedgerTables } from './tables/ledger-tables.ts';
import { Maintenance } from './maintenance.ts';

export interface StartOptions extends Pick<TransactionOptions, 'clock' | 'random' | 'onTrouble'> {
  readonly file: string;
  /** The file of the audit trail's anchor, outside the database. */
  readonly anchorFile: string;
  /** The IANA zone whose days are counted. */
  readonly timeZone: string;
  readonly settings: LedgerSettings;
  /** The key that signs the audit trail. */
  readonly auditKey: () => AuditKey;
}

/** An open ledger. Dispose it after the last write. */
export interface StartedLedger extends Disposable {
  readonly store: LedgerStore;
  readonly ledger: SqliteLedger;
  /** The new path of a damaged ledger, if there was one. */
  readonly setAside: string | undefined;
}

/** Opens the ledger and starts its maintenance. Rejects with a LedgerError that says what to do. */
export async function startLedger(options: StartOptions): Promise<StartedLedger> {
  const { file, clock } = options;
  const { db, setAside } = await openLedger(file, clock);
  try {
    return await keepLedger(db, setAside, options);
  } catch (error) {
    db.close();
    throw error;
  }
}

async function keepLedger(
  db: DatabaseSync,
  setAside: string | undefined,
  options: StartOptions,
): Promise<StartedLedger> {
  const { file, anchorFile, timeZone: zone, settings, clock, random, auditKey, onTrouble } = options;
  // The anchor belongs to the trail in the damaged file.
  if (setAside !== undefined) await patiently(() => rm(anchorFile, { force: true }));
  const { patienceMs, holdMs } = settings;
  const transactions = new Transactions(db, { clock, random, zone, patienceMs, onTrouble });
  const tables = new LedgerTables(db, auditKey);
  const parts = { tables, transactions, file, anchorFile, clock, onTrouble };
  const maintenance = new Maintenance({ ...parts, retention: settings });
  return {
    store: new LedgerStore(tables, transactions),
    ledger: new SqliteLedger(tables, transactions, holdMs),
    setAside,
    dispose: () => {
      maintenance.dispose();
      transactions.dispose();
    },
  };
}
