import assert from 'node:assert/strict';
import type { Price } from '../../../src/guard/price.ts';
import { UsageTally } from '../../../src/guard/usage-tally.ts';

describe('UsageTally', () => {
  const early = { inputTokens: 20, cachedInputTokens: 5, outputTokens: 1 };

  it('takes the reported figures of a complete answer, however much was streamed', () => {
    const tally = new UsageTally(undefined, 99);
    tally.attemptStarts();
    tally.streamed(500);
    tally.attemptEnds({ kind: 'complete' }, {}, { outcome: { kind: 'complete' }, usage: early });
    const { inputTokens, outputTokens, estimated } = tally.total();
    assert.deepEqual([inputTokens, outputTokens, estimated], [20, 1, false]);
  });

  it('counts what was streamed after the last figures of an incomplete answer', () => {
    const tally = new UsageTally(undefined, 99);
    tally.attemptStarts();
    tally.streamed(499.5);
    tally.attemptEnds({ kind: 'aborted' }, {}, { outcome: { kind: 'aborted' }, usage: early });
    const { inputTokens, outputTokens, estimated } = tally.total();
    assert.deepEqual([inputTokens, outputTokens, estimated], [20, 500, true]);
  });

  it('keeps the reported figures of a cut answer if they are larger', () => {
    const tally = new UsageTally(undefined, 99);
    tally.attemptStarts();
    tally.streamed(3);
    const outcome = { kind: 'cut', problem: () => 'x' } as const;
    tally.attemptEnds(outcome, {}, { outcome, usage: { ...early, outputTokens: 40 } });
    assert.deepEqual([tally.total().outputTokens, tally.total().estimated], [40, false]);
  });

  it('does not count a request that could not be made', () => {
    const requestsAfter = (...kinds: ('unsendable' | 'cut')[]) => {
      const tally = new UsageTally(undefined, 99);
      for (const kind of kinds) {
        tally.attemptStarts();
        tally.attemptEnds({ kind, problem: () => 'x' }, {}, undefined);
      }
      return tally.total().requests;
    };
    assert.deepEqual([requestsAfter('unsendable'), requestsAfter('cut', 'unsendable')], [0, 1]);
  });

  it('counts a declined prompt only if a part of an answer came', () => {
    const outcome = { kind: 'declined', message: 'x' } as const;
    const usedAfter = (timings: { firstContentMs?: number }) => {
      const tally = new UsageTally(undefined, 99);
      tally.attemptStarts();
      tally.attemptEnds(outcome, { connectedMs: 0, headersMs: 1, ...timings }, { outcome });
      return tally.total().inputTokens;
    };
    assert.deepEqual([usedAfter({}), usedAfter({ firstContentMs: 2 })], [0, 99]);
  });

  describe('with two attempts', () => {
    const usage = { inputTokens: 80, cachedInputTokens: 0, cacheWriteTokens: 80, outputTokens: 10 };
    const costOf = (price: Price) => {
      const tally = new UsageTally(price, 99);
      for (let attempt = 0; attempt < 2; attempt++) {
        tally.attemptStarts();
        tally.attemptEnds({ kind: 'complete' }, {}, { outcome: { kind: 'complete' }, usage });
      }
      return tally.total().costMicroUsd;
    };
    const price = { inputUsdPerMillion: 2, cachedInputUsdPerMillion: 1, outputUsdPerMillion: 10 };

    it('charges what each attempt wrote to the cache', () => {
      assert.equal(costOf({ ...price, cacheWriteUsdPerMillion: 3 }), 2 * (80 * 3 + 100));
    });

    it('does not price two short prompts as a long one', () => {
      const longPrompt = { ...price, inputUsdPerMillion: 4, aboveInputTokens: 100 };
      assert.equal(costOf({ ...price, longPrompt }), 2 * (80 * 2.5 + 100));
    });
  });
});
