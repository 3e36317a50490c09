import assert from 'node:assert/strict';
import { RepeatedRefusals } from '../../../../src/gateway/refusals/repeated-refusals.ts';
import { gatewayLimits } from '../../../../src/shared/limits.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

describe('RepeatedRefusals', () => {
  it('knows a refusal for a minute after it was last given', async () => {
    const clock = new FakeClock(0);
    const refusals = new RepeatedRefusals(clock);
    assert.equal(refusals.isRepeated(['work', undefined, 'policy']), false);
    for (let round = 0; round < 3; round++) {
      await clock.advance(gatewayLimits.refusalMs - 1);
      assert.equal(refusals.isRepeated(['work', undefined, 'policy']), true);
    }
    await clock.advance(gatewayLimits.refusalMs);
    assert.equal(refusals.isRepeated(['work', undefined, 'policy']), false);
    assert.equal(refusals.isRepeated(['work', 'claude', 'policy']), false);
  });

  it('forgets the oldest of too many', () => {
    const refusals = new RepeatedRefusals(new FakeClock(0));
    for (let at = 0; at <= gatewayLimits.refusals; at++) refusals.isRepeated([String(at)]);
    assert.equal(refusals.isRepeated(['1']), true);
    assert.equal(refusals.isRepeated(['0']), false);
  });
});
