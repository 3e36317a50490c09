import { rm } from 'node:fs/promises';
import type { DatabaseSync } from 'node:sqlite';
import { patiently } from '../shared/atomic-file.ts';
import type { Disposable } from '../shared/disposable.ts';
import type { LedgerSettings } from './ledger-settings.ts';
import { openLedger } from './db/open-database.ts';
import { SqliteLedger } from './sqlite-ledger.ts';
import { signedAnchorFile } from './audit/audit-anchor.ts';
import { TrailKeeper, type TrailKeeperOptions } from './audit/trail-keeper.ts';
import { Transactions, type TransactionOptions } from './db/transactions.ts';
import { LedgerStore } from './ledger-store.ts';
import { LedgerTables } from './tables/ledger-tables.ts';
import { Maintenance } from './maintenance.ts';

export interface StartOptions
  extends Pick<TransactionOptions, 'clock' | 'random' | 'onTrouble'>, Omit<TrailKeeperOptions, 'store'> {
  /** The IANA zone whose days are counted. */
  readonly timeZone: string;
  readonly settings: LedgerSettings;
}

/** An open ledger. Dispose it after the last write. */
export interface StartedLedger extends Disposable {
  readonly store: LedgerStore;
  readonly ledger: SqliteLedger;
  readonly trail: TrailKeeper;
  /** The new path of a damaged ledger, if there was one. */
  readonly setAside: string | undefined;
  /** Brings the proofs of the audit trail's end up to date. Call this after the last write. */
  finish(): Promise<void>;
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
  const { anchorFile, timeZone: zone, settings, clock, random, auditKey, onTrouble } = options;
  if (setAside !== undefined) {
    // The anchor belongs to the trail in the damaged file.
    for (const anchor of [anchorFile, signedAnchorFile(anchorFile)])
      await patiently(() => rm(anchor, { force: true }));
  }
  const { patienceMs, holdMs } = settings;
  const transactions = new Transactions(db, { clock, random, zone, patienceMs, onTrouble });
  const tables = new LedgerTables(db, auditKey);
  const store = new LedgerStore(tables, transactions);
  const trail = new TrailKeeper({ ...options, store });
  const maintenance = new Maintenance({
    ...{ tables, transactions, clock, trail, onTrouble },
    retention: settings,
  });
  return {
    store,
    trail,
    ledger: new SqliteLedger(tables, transactions, holdMs),
    setAside,
    finish: () => trail.finish().catch(onTrouble),
    dispose: () => {
      maintenance.dispose();
      transactions.dispose();
    },
  };
}
