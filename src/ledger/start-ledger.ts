import { rm } from 'node:fs/promises';
import type { Disposable } from '../shared/disposable.ts';
import { isZone, systemZone } from './days.ts';
import type { LedgerSettings } from './ledger-settings.ts';
import { openLedger } from './db/open-database.ts';
import { SqliteLedger } from './sqlite-ledger.ts';
import { LedgerStore, type LedgerOptions } from './ledger-store.ts';
import { Upkeep } from './maintenance.ts';

export interface StartOptions extends Pick<LedgerOptions, 'clock' | 'random' | 'auditKey' | 'onTrouble'> {
  readonly file: string;
  /** Where the head of the audit trail is anchored, outside the database. */
  readonly anchorFile: string;
  /** The IANA zone whose days are counted; the system's if it is absent or unknown. */
  readonly timeZone: string | undefined;
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
  const { file, anchorFile, timeZone, settings, clock, onTrouble } = options;
  const { db, setAside } = await openLedger(file, clock);
  const zone = timeZone !== undefined && isZone(timeZone) ? timeZone : systemZone();
  const store = new LedgerStore(db, { ...options, ...settings, zone });
  // It belongs to the trail that was set aside.
  if (setAside !== undefined) await rm(anchorFile, { force: true });
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
