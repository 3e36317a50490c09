import assert from 'node:assert/strict';
import { faults } from '../integration/guard/fault-table.ts';
import { storm } from '../integration/guard/storm.ts';
import { passes, suffer, type Suffered } from '../integration/guard/suffer.ts';
import { letGoAfterEach } from '../integration/ledger/ledger-fixture.ts';

const calls = 20;
const latestGoalMs = 100;

describe('faults: the whole guard, SQLite, sender and wire on real sockets', () => {
  letGoAfterEach();
  const suffered: Suffered[] = [];

  for (const fault of faults) {
    it(`ends ${calls} calls at once as the table says for ${fault.name}`, async () => {
      for (const lasts of fault.retry && passes(fault) ? [true, false] : [true])
        suffered.push(await suffer(fault, lasts, calls));
    });
  }

  it('leave no call hung, none billed twice, and none after its deadline', () => {
    const sum = (of: (one: Suffered) => number) => suffered.reduce((total, one) => total + of(one), 0);
    const [hung, billedTwice] = [sum((one) => one.hung), sum((one) => one.billedTwice)];
    const latest = suffered.reduce((one, other) => (other.latestMs > one.latestMs ? other : one));
    console.log(
      `    ${sum((one) => one.calls)} calls in ${suffered.length} rounds: hung ${hung}, billed twice ${billedTwice}; ` +
        `the latest, of ${latest.name}, ended ${latest.latestMs.toFixed(0)} ms after its deadline (goal: ${latestGoalMs})`,
    );
    assert.deepEqual([hung, billedTwice], [0, 0]);
    assert.ok(latest.latestMs <= latestGoalMs, `${latest.name}: ${latest.latestMs} ms`);
  });

  for (const [name, status, breaks] of [
    ['500', 500, true],
    ['500 under a breaker that never opens', 500, false],
    ['429', 429, true],
  ] as const) {
    it(`survive a storm of ${name}`, async () => {
      const seen = await storm(status, { calls: 2_000, atOnce: 20, breaks });
      console.log(
        `    ${seen.calls} calls: ${seen.requests} requests reached the provider, ` +
          `${seen.refused.circuit} refused by the circuit, ${seen.refused.rest} by the rest; circuit ${seen.circuit}`,
      );
      assert.equal(seen.requests, seen.attempts);
      assert.deepEqual([seen.holdsLeft, seen.chargedTokens], [0, 0]);
      assert.ok(seen.requests <= seen.calls + Math.max(10, 0.2 * seen.requests));
      assert.equal(seen.circuit, status === 500 && breaks ? 'open' : 'closed');
    });
  }
});
