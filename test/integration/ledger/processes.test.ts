import assert from 'node:assert/strict';
import path from 'node:path';
import { killInTheMiddle } from './killed-processes.ts';
import { folder, letGoAfterEach } from './ledger-fixture.ts';
import { reserveTogether } from './many-processes.ts';

describe('SqliteLedger in several processes', () => {
  letGoAfterEach();

  it('admits exactly as many calls as the cap allows', async () => {
    const file = path.join(folder(), 'ledger.db');
    const plan = { processes: 3, each: 200, cap: 250, atOnce: 8 };
    const { granted, refused } = await reserveTogether(file, plan);
    assert.deepEqual([granted, refused], [250, 350]);
  });

  it('keeps every settled call of killed processes and no hold after its expiry', async () => {
    const { settled, lost, brokenLinks, holdsLeft, heldTokensLeft, miscounted } = await killInTheMiddle(4, 2);
    assert.ok(settled >= 4);
    assert.deepEqual([lost, brokenLinks, holdsLeft, heldTokensLeft, miscounted], [0, 0, 0, 0, 0]);
  });
});
