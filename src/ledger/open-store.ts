import { openLedger } from './open.ts';
import { LedgerStore, type LedgerOptions } from './store.ts';

export interface OpenedStore {
  readonly store: LedgerStore;
  /** Where a damaged ledger was set aside, if that had to be. */
  readonly setAside: string | undefined;
}

/** Opens the ledger file and all its tables. Rejects with a LedgerError that says what to do. */
export async function openLedgerStore(file: string, options: LedgerOptions): Promise<OpenedStore> {
  const { db, setAside } = await openLedger(file, options.clock);
  return { store: new LedgerStore(db, options), setAside };
}
