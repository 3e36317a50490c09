import path from 'node:path';
import { ledgerTokens } from '../../src/gateway/tokens/ledger-tokens.ts';
import { TokenBook } from '../../src/gateway/tokens/tokens.ts';
import type { LedgerStore } from '../../src/ledger/ledger-store.ts';
import { systemClock as clock } from '../../src/shared/clock.ts';
import { openTestLedger, type TestLedger } from './open-ledger.ts';

export function ledgerFileIn(home: string): string {
  return path.join(home, 'ledger', 'callguard.db');
}

/** The ledger of the windows that share a folder, as one more of them has it. To be disposed. */
export function openLedgerIn(home: string): Promise<TestLedger> {
  // A test must pass on a machine that is busy with other things.
  return openTestLedger(ledgerFileIn(home), { patienceMs: 60_000 });
}

export function tokensOf(store: LedgerStore): TokenBook {
  return new TokenBook(ledgerTokens(store), clock);
}
