import assert from 'node:assert/strict';
import { letGoAfterEach } from '../ledger/ledger-fixture.ts';
import { giveUp } from './given-up.ts';

describe('streams that are given up', () => {
  letGoAfterEach();

  it('leave neither socket nor hold, and one audit row each', async () => {
    const { otherwise, socketsLeft, holdsLeft, audited } = await giveUp(40, 8, () => undefined);
    assert.deepEqual([otherwise, socketsLeft, holdsLeft, audited], [0, 0, 0, 40]);
  });
});
