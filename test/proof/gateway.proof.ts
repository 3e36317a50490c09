import assert from 'node:assert/strict';
import { mixedLoad } from '../integration/gateway/mixed-load.ts';
import { folder, letGoAfterEach } from '../integration/ledger/ledger-fixture.ts';

const minutes = 5;
const atOnce = 32;
/** Of the gateway's own process. */
const heapGoalKb = 4_096;

describe(`Gateway: ${minutes} minutes of a mixed load with faults and disconnects`, () => {
  letGoAfterEach();

  it('loses no request without an error, counts every call correctly and does not grow in memory', async () => {
    const endMs = performance.now() + minutes * 60_000;
    const report = await mixedLoad({ folder: folder(), atOnce, goesOn: () => performance.now() < endMs });
    const { requests, lost, wrong, miscounted, troubles, holdsLeft, socketsLeft, grownKb } = report;
    console.log(
      `    ${requests} requests, ${atOnce} at once: lost without an error ${lost.length}, answered wrongly ${wrong.length}, ` +
        `counted wrongly ${miscounted.length}; holds left ${holdsLeft}, sockets left ${socketsLeft}; ` +
        `memory grew by ${grownKb.heap} kB of heap, ${grownKb.rss} kB in all`,
    );
    for (const fault of [...lost, ...wrong, ...miscounted, ...troubles].slice(0, 20))
      console.log(`      ${fault}`);
    assert.deepEqual(
      [lost.length, wrong.length, miscounted.length, troubles.length, holdsLeft, socketsLeft],
      [0, 0, 0, 0, 0, 0],
    );
    assert.ok(grownKb.heap < heapGoalKb, `the heap grew by ${grownKb.heap} kB`);
  });
});
