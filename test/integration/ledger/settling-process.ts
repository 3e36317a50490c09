/**
 * One window of the proof of kill -9: settles calls without end, and says each one aloud once the ledger has it.
 * Started with the ledger's file and a name for its calls.
 */
import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { openTestLedger } from '../../support/open-ledger.ts';
import { completed, recordOf, request } from './ledger-requests.ts';

const [file = ''] = process.argv.slice(2);
// The holds of killed processes expire soon, so the next process finds them.
const { ledger } = await openTestLedger(file, { holdMs: 2_000 });

async function settleOn(): Promise<never> {
  for (;;) {
    const admitted = await ledger.admit(request({ callId: randomUUID() }));
    if (!admitted.ok) throw new Error(JSON.stringify(admitted.error));
    await ledger.settle(admitted.value, completed(), recordOf(admitted.value));
    // Synchronous, so the line is written before the process is killed.
    writeSync(1, `${admitted.value.request.callId}\n`);
  }
}

await Promise.all([settleOn(), settleOn(), settleOn()]);
