import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { giveUp } from '../integration/guard/given-up.ts';
import { letGoAfterEach } from '../integration/ledger/ledger-fixture.ts';

const streams = 1_000;
/** Of the whole process, test upstream included. */
const heapGoalKb = 4_096;

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // Once more for what only the first time let go of.
  return () => {
    collect();
    collect();
  };
}

describe(`${streams} aborted streams`, () => {
  letGoAfterEach();

  it('leave no socket and no hold, and no memory that grows', async () => {
    const seen = await giveUp(streams, 25, garbageCollector());
    console.log(
      `    ${seen.streams} streams given up: sockets left ${seen.socketsLeft}, holds left ${seen.holdsLeft}; ` +
        `upstream closed within ${seen.slowestCloseMs.toFixed(0)} ms (goal 100); ` +
        `memory grew by ${seen.grownKb.heap} kB of heap, ${seen.grownKb.rss} kB in all`,
    );
    assert.deepEqual([seen.otherwise, seen.socketsLeft, seen.holdsLeft, seen.audited], [0, 0, 0, streams]);
    assert.ok(seen.grownKb.heap < heapGoalKb, `the heap grew by ${seen.grownKb.heap} kB`);
  });
});
