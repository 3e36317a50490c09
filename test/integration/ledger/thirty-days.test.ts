import assert from 'node:assert/strict';
import { letGoAfterEach } from './ledger-fixture.ts';
import { liveThroughDays } from './thirty-days.ts';

describe('SqliteLedger over twelve days, with two time-zone changes and a clock set back', () => {
  letGoAfterEach();

  it('counts every day once', async () => {
    const { days, countedTwice, missed } = await liveThroughDays(12);
    assert.ok(days >= 12);
    assert.deepEqual([countedTwice, missed], [0, 0]);
  });
});
