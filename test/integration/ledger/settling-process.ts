/**
 * One window of the proof of kill -9: settles calls without end, and says each one aloud once the ledger has it.
 * Started with the ledger's file and a name for its calls.
 */
import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { openLedger } from '../../../src/ledger/db/open-database.ts';
import { SqliteLedger } from '../../../src/ledger/sqlite-ledger.ts';
import { defaultLedgerSettings } from '../../../src/ledger/ledger-settings.ts';
import { LedgerStore } from '../../../src/ledger/ledger-store.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { systemRandom } from '../../../src/shared/random.ts';
import { auditKey, completed, recordOf, request } from './ledger-requests.ts';

const [file = ''] = process.argv.slice(2);
const { db } = await openLedger(file, systemClock);
const store = new LedgerStore(db, {
  clock: systemClock,
  random: systemRandom,
  zone: 'UTC',
  auditKey: () => auditKey,
  ...defaultLedgerSettings,
  onTrouble: (error: unknown) => {
    throw error;
  },
  // They were left by processes that were killed; whoever comes next finds them expired soon.
  holdMs: 2_000,
});
const ledger = new SqliteLedger(store, 2_000);

async function settleOn(): Promise<never> {
  for (;;) {
    const admitted = await ledger.admit(request({ callId: randomUUID() }));
    if (!admitted.ok) throw new Error(JSON.stringify(admitted.error));
    await ledger.settle(admitted.value, completed(), recordOf(admitted.value));
    // Synchronously: what was said is out, however soon the end comes.
    writeSync(1, `${admitted.value.request.callId}\n`);
  }
}

await Promise.all([settleOn(), settleOn(), settleOn()]);
