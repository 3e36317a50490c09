/**
 * One window of the proof of caps. It asks for many admissions, several at a time, and reports the results to its
 * parent. Its arguments: the ledger's file, the number of admissions, the cap, how many at a time, and the time zone.
 */
import assert from 'node:assert/strict';
import { openTestLedger } from '../../support/open-ledger.ts';
import { watchLoop, type Blocked } from './loop-watch.ts';
import { capOf, request } from './ledger-requests.ts';

export interface Reserved {
  readonly granted: number;
  readonly refused: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly longestWaitMs: number;
  readonly blocked: Blocked;
}

const [file = '', asks = '0', limit = '0', atOnce = '1', zone = 'UTC'] = process.argv.slice(2);
// The wait is measured, and a test must pass on a machine that is busy with other things.
const { ledger, dispose } = await openTestLedger(file, { zone, patienceMs: 60_000 });
const asked = request({ caps: [capOf('requestsPerDay', Number(limit))] });

function tell(message: 'ready' | Reserved): void {
  assert.ok(process.send !== undefined, 'this is started by another process');
  process.send(message);
}

async function reserveAll(): Promise<Reserved> {
  let left = Number(asks);
  let granted = 0;
  let longestWaitMs = 0;
  const reserveInTurn = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const fromMs = performance.now();
      const answer = await ledger.admit(asked);
      longestWaitMs = Math.max(longestWaitMs, performance.now() - fromMs);
      if (answer.ok) granted += 1;
      else assert.equal(answer.error.kind, 'cap', JSON.stringify(answer.error));
    }
  };
  const blocked = watchLoop();
  const startMs = Date.now();
  await Promise.all(Array.from({ length: Number(atOnce) }, reserveInTurn));
  const endMs = Date.now();
  const refused = Number(asks) - granted;
  return { granted, refused, startMs, endMs, longestWaitMs, blocked: blocked() };
}

process.once('message', () => {
  void reserveAll().then((reserved) => {
    tell(reserved);
    dispose();
    process.disconnect();
  });
});
tell('ready');
