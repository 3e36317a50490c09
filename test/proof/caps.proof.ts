import assert from 'node:assert/strict';
import path from 'node:path';
import { folder, letGoAfterEach } from '../integration/ledger/ledger-fixture.ts';
import { reserveTogether } from '../integration/ledger/many-processes.ts';

const plan = { processes: 4, each: 2_000, cap: 5_000 };

describe('caps: 4 processes × 2,000 reservations against a cap of 5,000', () => {
  letGoAfterEach();

  for (const atOnce of [1, 20]) {
    it(`grants exactly 5,000, each process asking for ${atOnce} at once`, async () => {
      const file = path.join(folder(), 'ledger.db');
      const result = await reserveTogether(file, { ...plan, atOnce });
      console.log(
        `    granted ${result.granted}; ${Math.round(result.perSecond)} a second together (goal 5,000); ` +
          `longest wait ${Math.round(result.longestWaitMs)} ms (goal 1,000); event loop blocked for at most ` +
          `${result.longestOwnBlockMs.toFixed(1)} ms (goal 20), ` +
          `${result.longestBlockMs.toFixed(1)} ms with what other processes took of the processor`,
      );
      assert.equal(result.granted, plan.cap);
      assert.equal(result.refused, plan.processes * plan.each - plan.cap);
      assert.ok(result.longestWaitMs < 1_000, `a reservation waited ${result.longestWaitMs} ms`);
    });
  }
});
