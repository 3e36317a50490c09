import assert from 'node:assert/strict';
import path from 'node:path';
import { folder, letGoAfterEach } from './ledger-fixture.ts';
import { reserveTogether } from './many-processes.ts';

describe('several processes on one ledger', () => {
  letGoAfterEach();

  it('get exactly as many reservations as the cap allows', async () => {
    const file = path.join(folder(), 'ledger.db');
    const plan = { processes: 3, each: 200, cap: 250, atOnce: 8 };
    const { granted, refused } = await reserveTogether(file, plan);
    assert.deepEqual([granted, refused], [250, 350]);
  });
});
