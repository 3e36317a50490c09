import assert from 'node:assert/strict';
import { letGoAfterEach } from './ledger-fixture.ts';
import { liveThroughDays } from './thirty-days.ts';

describe('twelve days of three windows, with a journey and a clock set back', () => {
  letGoAfterEach();

  it('count no day twice, and miss none', async () => {
    const { days, countedTwice, missed } = await liveThroughDays(12);
    assert.ok(days >= 12);
    assert.deepEqual([countedTwice, missed], [0, 0]);
  });
});
