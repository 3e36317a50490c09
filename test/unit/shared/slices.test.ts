import assert from 'node:assert/strict';
import { inSlices, type Work } from '../../../src/shared/slices.ts';

const forever = new AbortController().signal;

/** So many steps of a tenth of a millisecond: at most ten of them fit into a slice. */
function* busy(steps: number): Work<string> {
  for (let step = 0; step < steps; step++) {
    const endMs = performance.now() + 0.1;
    while (performance.now() < endMs);
    yield;
  }
  return 'done';
}

/** How many turns of the event loop pass until the work ends. */
async function turnsOf(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let isOver = false;
  void work.finally(() => {
    isOver = true;
  });
  const count = () => {
    if (isOver) return;
    turns += 1;
    setImmediate(count);
  };
  setImmediate(count);
  await work;
  return turns;
}

describe('inSlices', () => {
  it('returns the result of work of any length', async () => {
    assert.equal(await inSlices(busy(0), forever), 'done');
    assert.equal(await inSlices(busy(200), forever), 'done');
  });

  it('lets the event loop turn between slices', async () => {
    const turns = await turnsOf(inSlices(busy(300), forever));
    assert.ok(turns >= 25, `${turns} turns`);
  });

  it('gives all work together one slice a turn', async () => {
    const all = Promise.all(Array.from({ length: 5 }, () => inSlices(busy(100), forever)));
    const turns = await turnsOf(all);
    assert.ok(turns >= 5 * 8, `${turns} turns`);
  });

  it('returns undefined once the signal aborts', async () => {
    const abort = new AbortController();
    const result = inSlices(busy(600_000), abort.signal);
    setImmediate(() => {
      abort.abort();
    });
    assert.equal(await result, undefined);
  });

  it('rejects with the error of the work', async () => {
    const broken = function* (): Work<void> {
      yield* busy(50);
      throw new RangeError('broken');
    };
    await assert.rejects(inSlices(broken(), forever), /broken/);
  });
});
