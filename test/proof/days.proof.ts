import assert from 'node:assert/strict';
import { letGoAfterEach } from '../integration/ledger/ledger-fixture.ts';
import { liveThroughDays } from '../integration/ledger/thirty-days.ts';

describe('30 days on a virtual clock: 3 windows, two time-zone changes, a clock set back', () => {
  letGoAfterEach();

  it('count no day twice', async () => {
    const { days, calls, countedTwice, missed } = await liveThroughDays(30);
    console.log(
      `    ${days} days, ${calls} calls: days counted twice ${countedTwice}, days missed ${missed}`,
    );
    assert.ok(days >= 30);
    assert.deepEqual([countedTwice, missed], [0, 0]);
  });
});
