/**
 * One window of the proof of caps: asks for many reservations, some at a time, and tells the parent what came of
 * them. Started with the ledger's file, how many to ask for, the cap, how many at once, and the zone of its days.
 */
import assert from 'node:assert/strict';
import { openLedger } from '../../../src/ledger/db/open-database.ts';
import { SqliteLedger } from '../../../src/ledger/sqlite-ledger.ts';
import { defaultLedgerSettings } from '../../../src/ledger/ledger-settings.ts';
import { LedgerStore } from '../../../src/ledger/ledger-store.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { systemRandom } from '../../../src/shared/random.ts';
import { watchLoop, type Blocked } from './loop-watch.ts';
import { auditKey, capOf, request } from './ledger-requests.ts';

export interface Reserved {
  readonly granted: number;
  readonly refused: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly longestWaitMs: number;
  readonly blocked: Blocked;
}

const [file = '', asks = '0', limit = '0', atOnce = '1', zone = 'UTC'] = process.argv.slice(2);
const options = {
  clock: systemClock,
  random: systemRandom,
  zone,
  auditKey: () => auditKey,
  ...defaultLedgerSettings,
  // How long they wait is measured; none is refused for a machine that is busy with other things.
  patienceMs: 60_000,
  onTrouble: (error: unknown) => {
    throw error;
  },
};
const { db } = await openLedger(file, systemClock);
const store = new LedgerStore(db, options);
const ledger = new SqliteLedger(store, options.holdMs);
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
    store.dispose();
    process.disconnect();
  });
});
tell('ready');
