import { rm } from 'node:fs/promises';
import type { DatabaseSync } from 'node:sqlite';
import { patiently } from '../shared/atomic-file.ts';
import type { Disposable } from '../shared/disposable.ts';
import type { LedgerSettings } from './ledger-settings.ts';
import { openLedger } from './db/open-database.ts';
import { SqliteLedger } from './sqlite-ledger.ts';
import { LedgerStore, type LedgerOptions } from './ledger-store.ts';
import { Upkeep } from './maintenance.ts';

export interface StartOptions extends Pick<LedgerOptions, 'clock' | 'random' | 'auditKey' | 'onTrouble'> {
  readonly file: string;
  /** Where the head of the audit trail is anchored, outside the database. */
  readonly anchorFile: string;
  /** The IANA zone whose days are counted. */
  readonly timeZone: string;
  readonly settings: LedgerSettings;
}

/** A ledger at work. It is to be disposed once nothing writes any more. */
export interface StartedLedger extends Disposable {
  readonly store: LedgerStore;
  readonly ledger: SqliteLedger;
  /** Where a damaged ledger was set aside, if that had to be. */
  readonly setAside: string | undefined;
}

/** Opens the ledger file with all its tables, and keeps it in order. Rejects with a LedgerError that says what to do. */
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
  const { file, anchorFile, timeZone, settings, clock, onTrouble } = options;
  // It belongs to the trail that was set aside.
  if (setAside !== undefined) await patiently(() => rm(anchorFile, { force: true }));
  const store = new LedgerStore(db, { ...options, ...settings, zone: timeZone });
  const upkeep = new Upkeep({ store, file, clock, anchorFile, retention: settings, onTrouble });
  return {
    store,
    ledger: new SqliteLedger(store, settings.holdMs),
    setAside,
    dispose: () => {
      upkeep.dispose();
      store.dispose();
    },
  };
}
