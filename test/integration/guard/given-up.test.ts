import assert from 'node:assert/strict';
import { letGoAfterEach } from '../ledger/ledger-fixture.ts';
import { giveUp } from './given-up.ts';

describe('createGuard with readers that leave', () => {
  letGoAfterEach();

  it('leaves neither sockets nor holds, and writes one audit row for each call', async () => {
    const { otherwise, socketsLeft, holdsLeft, audited } = await giveUp(40, 8, () => undefined);
    assert.deepEqual([otherwise, socketsLeft, holdsLeft, audited], [0, 0, 0, 40]);
  });
});
