import assert from 'node:assert/strict';
import type { CallResult } from '../../../../src/guard/call-state.ts';
import { noUsage } from '../../../../src/guard/usage-tally.ts';
import { RateLimitWaits } from '../../../../src/gateway/refusals/rate-limit-waits.ts';
import { gatewayLimits } from '../../../../src/shared/limits.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const target = { provider: 'acme', model: 'm' };
const done: CallResult = { kind: 'done', target, attempts: 1, timings: {}, usage: noUsage };

function limited(retryAfterMs?: number, model = 'm'): CallResult {
  const failure = { kind: 'http', status: 429, message: '' } as const;
  return {
    ...{ kind: 'failed', target: { ...target, model }, attempts: 1, timings: {}, afterContent: false },
    failure: retryAfterMs === undefined ? failure : { ...failure, retryAfterMs },
  };
}

describe('RateLimitWaits', () => {
  let clock: FakeClock;
  let waits: RateLimitWaits;

  beforeEach(() => {
    clock = new FakeClock(0);
    waits = new RateLimitWaits(clock);
  });

  it('finds a client that waited for a rate limit and met the next one', async () => {
    assert.equal(waits.record(limited(20_000)), false);
    await clock.advance(20_000);
    assert.equal(waits.record(limited(20_000)), true);
    await clock.advance(20_000);
    assert.equal(waits.record(limited()), true);
  });

  it('takes calls that were under way together for those of one rate limit', async () => {
    waits.record(limited(20_000));
    await clock.advance(19_999);
    assert.equal(waits.record(limited(20_000)), false);
  });

  it('forgets a rate limit after an answer of the model, and after a while', async () => {
    waits.record(limited(20_000));
    await clock.advance(20_000);
    waits.record(done);
    assert.equal(waits.record(limited(20_000)), false);
    await clock.advance(20_000 + gatewayLimits.waitedMs);
    assert.equal(waits.record(limited(20_000)), false);
  });

  it('keeps the models apart, and only so many of them', async () => {
    waits.record(limited(20_000, 'first'));
    for (let at = 0; at < gatewayLimits.rateLimitWaits; at++) waits.record(limited(20_000, `m${at}`));
    await clock.advance(20_000);
    assert.equal(waits.record(limited(20_000, 'other')), false);
    assert.equal(waits.record(limited(20_000, 'first')), false);
    assert.equal(waits.record(limited(20_000, 'm999')), true);
  });

  it('finds those who come during a pause whose rate limit was repeated', async () => {
    const pause: CallResult = {
      ...{ kind: 'refused', target, attempts: 0 },
      refusal: { kind: 'rest', ...target, retryAtMs: 0 },
    };
    waits.record(limited(20_000));
    assert.equal(waits.record(pause), false);
    await clock.advance(20_000);
    waits.record(limited(20_000));
    assert.deepEqual([waits.record(pause), waits.record(limited(20_000))], [true, true]);
    waits.record(done);
    assert.equal(waits.record(pause), false);
  });

  it('counts nothing but an HTTP 429', async () => {
    waits.record(limited(20_000));
    await clock.advance(20_000);
    const { target: _, ...failed } = limited(20_000) as CallResult & { kind: 'failed' };
    assert.equal(
      waits.record({ ...failed, target, failure: { kind: 'http', status: 503, message: '' } }),
      false,
    );
  });
});
