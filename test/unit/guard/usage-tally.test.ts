import assert from 'node:assert/strict';
import { UsageTally } from '../../../src/guard/usage-tally.ts';

describe('the tally of a call', () => {
  const early = { inputTokens: 20, cachedInputTokens: 5, outputTokens: 1 };

  it('believes the figures of a whole answer, however much was streamed', () => {
    const tally = new UsageTally(undefined, 99);
    tally.attemptStarts();
    tally.streamed(500);
    tally.attemptEnds({ kind: 'complete' }, {}, { outcome: { kind: 'complete' }, usage: early });
    const { inputTokens, outputTokens, estimated } = tally.total();
    assert.deepEqual([inputTokens, outputTokens, estimated], [20, 1, false]);
  });

  it('counts what was streamed after the last figures of an answer that was given up', () => {
    const tally = new UsageTally(undefined, 99);
    tally.attemptStarts();
    tally.streamed(499.5);
    tally.attemptEnds({ kind: 'aborted' }, {}, { outcome: { kind: 'aborted' }, usage: early });
    const { inputTokens, outputTokens, estimated } = tally.total();
    assert.deepEqual([inputTokens, outputTokens, estimated], [20, 500, true]);
  });

  it('keeps the figures of an answer that was cut where they are larger', () => {
    const tally = new UsageTally(undefined, 99);
    tally.attemptStarts();
    tally.streamed(3);
    const outcome = { kind: 'cut', message: 'x' } as const;
    tally.attemptEnds(outcome, {}, { outcome, usage: { ...early, outputTokens: 40 } });
    assert.deepEqual([tally.total().outputTokens, tally.total().estimated], [40, false]);
  });
});
