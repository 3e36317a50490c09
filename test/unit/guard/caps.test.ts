import assert from 'node:assert/strict';
import fc from 'fast-check';
import { reserve } from '../../../src/guard/admission.ts';
import { capKinds, type Cap, type CapKind, type CapReader, type Demand } from '../../../src/guard/caps.ts';
import { costMicroUsd } from '../../../src/guard/price.ts';

const price = { inputUsdPerMillion: 2, cachedInputUsdPerMillion: 1, outputUsdPerMillion: 10 };
const demand: Demand = {
  inputTokens: 100,
  maxOutputTokens: 50,
  assumedOutputTokens: 4_096,
  price,
  unknownPriceAllowed: false,
  strict: false,
};
const cap = (kind: CapKind, limit: number): Cap => ({ scope: {}, kind, limit });
const using = (used: number, held = 0, hasShortCall = false): CapReader => ({
  use: () => ({ used, held }),
  hasShortCall: () => hasShortCall,
});

describe('reserve', () => {
  it('reserves the estimated input tokens and the output tokens that the request asks for', () => {
    assert.deepEqual(reserve(demand, [], using(0)), {
      ok: true,
      value: { inputTokens: 100, outputTokens: 50, costMicroUsd: 700 },
    });
  });

  it('reserves the price of writing the input to the cache if the model has one', () => {
    const caching = { ...demand, price: { ...price, cacheWriteUsdPerMillion: 3 } };
    assert.deepEqual(reserve(caching, [], using(0)), {
      ok: true,
      value: { inputTokens: 100, outputTokens: 50, costMicroUsd: 800 },
    });
    const silent = reserve({ ...caching, maxOutputTokens: undefined }, [cap('usdPerDay', 1_000)], using(0));
    assert.deepEqual(silent.ok && [silent.value.outputTokens, silent.value.costMicroUsd], [70, 1_000]);
  });

  for (const [what, maxOutputTokens, held] of [
    ['below 0', -1_000, 0],
    ['that is a fraction', 1.5, 2],
    ['too high to be added up', Number.MAX_SAFE_INTEGER * 128, 1e12],
    ['of infinity', Infinity, 1e12],
    ['that is not a number', NaN, 4_096],
  ] as const) {
    it(`reserves a countable number of tokens for a limit ${what}`, () => {
      const reserved = reserve({ ...demand, maxOutputTokens }, [], using(0));
      assert.equal(reserved.ok && reserved.value.outputTokens, held);
      assert.ok(reserved.ok && Number.isSafeInteger(reserved.value.costMicroUsd));
    });
  }

  it('assumes the limit of the model for a request without a limit', () => {
    const reserved = reserve({ ...demand, maxOutputTokens: undefined }, [], using(0));
    assert.equal(reserved.ok && reserved.value.outputTokens, 4_096);
  });

  it('reserves at most what is left for a request without a limit', () => {
    const silent = { ...demand, maxOutputTokens: undefined };
    const reserved = reserve(silent, [cap('tokensPerDay', 1_000)], using(300, 200));
    assert.equal(reserved.ok && reserved.value.outputTokens, 400);
  });

  it('reserves at most the dollars that are left for a request without a limit', () => {
    const silent = { ...demand, maxOutputTokens: undefined };
    const reserved = reserve(silent, [cap('usdPerDay', 1_205)], using(0));
    assert.deepEqual(reserved.ok && [reserved.value.outputTokens, reserved.value.costMicroUsd], [100, 1_200]);
  });

  it('reserves no more output than a long prompt leaves dollars for', () => {
    const longPrompt = { ...price, inputUsdPerMillion: 4, outputUsdPerMillion: 20, aboveInputTokens: 99 };
    const silent = { ...demand, maxOutputTokens: undefined, price: { ...price, longPrompt } };
    const reserved = reserve(silent, [cap('usdPerDay', 1_000)], using(0));
    assert.deepEqual(reserved.ok && [reserved.value.outputTokens, reserved.value.costMicroUsd], [30, 1_000]);
  });

  const needs: Record<CapKind, number> = {
    requestsPerDay: 1,
    requestsPerMinute: 1,
    callsAtOnce: 1,
    tokensPerDay: 150,
    tokensPerMinute: 150,
    usdPerDay: 700,
    usdPerMonth: 700,
    usdPerSession: 700,
    tokensPerSession: 150,
  };
  for (const kind of capKinds) {
    const need = needs[kind];
    it(`admits up to the limit of ${kind} and not one more`, () => {
      assert.equal(reserve(demand, [cap(kind, 1_000 + need)], using(600, 400)).ok, true);
      assert.deepEqual(reserve(demand, [cap(kind, 999 + need)], using(600, 400)), {
        ok: false,
        error: { cap: cap(kind, 999 + need), used: 600, held: 400 },
      });
    });
  }

  it('admits only if every cap has room, and returns the cap that has none', () => {
    const caps = [cap('requestsPerDay', 10), cap('tokensPerDay', 10), cap('callsAtOnce', 10)];
    const reserved = reserve(demand, caps, using(0));
    assert.equal(!reserved.ok && reserved.error.cap.kind, 'tokensPerDay');
  });

  it('returns when there is room again', () => {
    const reserved = reserve(demand, [cap('requestsPerDay', 1)], {
      ...using(1),
      use: () => ({ used: 1, held: 0, resetsAtMs: 9 }),
    });
    assert.equal(!reserved.ok && reserved.error.resetsAtMs, 9);
  });

  it('refuses a model without a known price under a dollar cap', () => {
    const reserved = reserve({ ...demand, price: undefined }, [cap('usdPerDay', 1e9)], using(0));
    assert.equal(!reserved.ok && reserved.error.unknownPrice, true);
  });

  it('admits a model without a known price if that is allowed, at an unknown cost', () => {
    const allowed = { ...demand, price: undefined, unknownPriceAllowed: true };
    const reserved = reserve(allowed, [cap('usdPerDay', 1)], using(0));
    assert.deepEqual(reserved.ok && reserved.value.costMicroUsd, undefined);
  });

  describe('for a request whose own limit is above the limit of a cap', () => {
    const long = { ...demand, maxOutputTokens: 32_000 };
    const small = cap('tokensPerDay', 20_000);

    it('reserves what it is assumed to use', () => {
      assert.deepEqual(reserve(long, [small], using(0)), {
        ok: true,
        value: { inputTokens: 100, outputTokens: 4_096, costMicroUsd: 41_160, short: true },
      });
    });

    it('does so for a cap in dollars', () => {
      const reserved = reserve(long, [cap('usdPerMonth', 50_000)], using(0));
      assert.deepEqual(reserved.ok && [reserved.value.outputTokens, reserved.value.short], [4_096, true]);
    });

    it('reserves all of it if every cap could admit that, even if there is no room now', () => {
      const wide = cap('tokensPerDay', 32_100);
      assert.equal(reserve(long, [wide], using(0)).ok, true);
      assert.deepEqual(reserve(long, [wide], using(1)), {
        ok: false,
        error: { cap: wide, used: 1, held: 0 },
      });
    });

    it('refuses it if even that finds no room', () => {
      assert.deepEqual(reserve(long, [small], using(15_805)), {
        ok: false,
        error: { cap: small, used: 15_805, held: 0 },
      });
      assert.equal(reserve(long, [small], using(15_804)).ok, true);
    });

    it('refuses it as too large for the cap if even that never fits', () => {
      const tiny = cap('tokensPerDay', 4_195);
      const reserved = reserve(long, [tiny], using(0));
      assert.equal(!reserved.ok && reserved.error.tooSmall, true);
    });

    it('refuses it as too large for the cap if caps are strict', () => {
      const reserved = reserve({ ...long, strict: true }, [small], using(0));
      assert.equal(!reserved.ok && reserved.error.tooSmall, true);
    });

    it('admits only one such call at a time, and does not promise that the end of the day helps', () => {
      const resetsAtMs = 9;
      const reader = {
        ...using(0),
        use: () => ({ used: 0, held: 4_196, resetsAtMs }),
        hasShortCall: () => true,
      };
      assert.deepEqual(reserve(long, [small], reader), {
        ok: false,
        error: { cap: small, used: 0, held: 4_196 },
      });
      assert.equal(reserve(demand, [small], reader).ok, true);
    });

    it('asks about other such calls at the caps alone that it is above', () => {
      const asked: Cap[] = [];
      const hasShortCall = (of: Cap) => {
        asked.push(of);
        return false;
      };
      reserve(long, [cap('requestsPerDay', 5), small, cap('tokensPerMinute', 1e6)], {
        ...using(0),
        hasShortCall,
      });
      assert.deepEqual(asked, [small]);
    });
  });

  it('never exceeds a cap, and never refuses a request without a limit while a token fits', () => {
    const prices = fc.constantFrom(0.15, 0.6, 1.1, 2.5, 3, 15);
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(100_000), prices, prices, (inputTokens, left, input, output) => {
        const price = { inputUsdPerMillion: input, cachedInputUsdPerMillion: 0, outputUsdPerMillion: output };
        const silent = { ...demand, inputTokens, maxOutputTokens: undefined, price };
        const reserved = reserve(silent, [cap('usdPerDay', left)], using(0));
        const oneToken = costMicroUsd(price, { inputTokens, outputTokens: 1 });
        assert.equal(reserved.ok, oneToken <= left);
        if (reserved.ok) assert.ok((reserved.value.costMicroUsd ?? Infinity) <= left);
      }),
      { numRuns: 2_000, seed: 1 },
    );
  });
});

describe('costMicroUsd', () => {
  it('prices cached input tokens, which are part of the input tokens, at their own price', () => {
    assert.equal(costMicroUsd(price, { inputTokens: 100, cachedInputTokens: 40, outputTokens: 10 }), 260);
  });

  const writing = { inputTokens: 100, cachedInputTokens: 40, cacheWriteTokens: 30, outputTokens: 0 };

  it('prices cache writes at their own price, and higher ones for an hour', () => {
    const caching = { ...price, cacheWriteUsdPerMillion: 3, hourCacheWriteUsdPerMillion: 5 };
    assert.equal(costMicroUsd(caching, writing), 30 * 2 + 40 * 1 + 30 * 3);
    assert.equal(
      costMicroUsd(caching, { ...writing, hourCacheWriteTokens: 10 }),
      30 * 2 + 40 * 1 + 20 * 3 + 10 * 5,
    );
  });

  it('prices a cache write without a price at 1.25 times the input, and at twice for an hour', () => {
    assert.equal(costMicroUsd(price, writing), 30 * 2 + 40 * 1 + 30 * 2.5);
    assert.equal(costMicroUsd(price, { ...writing, hourCacheWriteTokens: 30 }), 30 * 2 + 40 * 1 + 30 * 4);
  });

  it('uses the prices of a long prompt from the first token above the threshold', () => {
    const longPrompt = { ...price, inputUsdPerMillion: 4, outputUsdPerMillion: 15, aboveInputTokens: 100 };
    const costOf = (inputTokens: number) =>
      costMicroUsd({ ...price, longPrompt }, { inputTokens, outputTokens: 10 });
    assert.deepEqual([costOf(100), costOf(101)], [300, 554]);
  });

  it('rounds up to a whole micro-dollar', () => {
    const cheap = { inputUsdPerMillion: 0.01, cachedInputUsdPerMillion: 0, outputUsdPerMillion: 0 };
    assert.equal(costMicroUsd(cheap, { inputTokens: 1, outputTokens: 0 }), 1);
  });
});
