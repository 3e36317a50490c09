import path from 'node:path';
import { ledgerTokens } from '../../src/gateway/ledger-tokens.ts';
import { TokenBook } from '../../src/gateway/tokens.ts';
import { openLedger } from '../../src/ledger/db/open-database.ts';
import { defaultLedgerSettings } from '../../src/ledger/ledger-settings.ts';
import { LedgerStore } from '../../src/ledger/ledger-store.ts';
import { systemClock as clock } from '../../src/shared/clock.ts';
import { systemRandom as random } from '../../src/shared/random.ts';

/** The ledger of the windows that share a folder, as one more of them has it. To be disposed. */
export async function openStore(home: string, onTrouble = fail): Promise<LedgerStore> {
  const { db } = await openLedger(path.join(home, 'ledger', 'callguard.db'), clock);
  return new LedgerStore(db, {
    ...defaultLedgerSettings,
    clock,
    random,
    zone: 'UTC',
    auditKey: () => ({ id: 'key-1', key: Buffer.alloc(32, 7) }),
    // None is refused for a machine that is busy with other things.
    patienceMs: 60_000,
    onTrouble,
  });
}

export function tokensOf(store: LedgerStore): TokenBook {
  return new TokenBook(ledgerTokens(store), clock);
}

function fail(error: unknown): void {
  throw error;
}
