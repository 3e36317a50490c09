import assert from 'node:assert/strict';
import { folder, letGoAfterEach } from '../ledger/ledger-fixture.ts';
import { mixedLoad } from './mixed-load.ts';
import { kinds } from './mixed-requests.ts';

describe('a mixed load on the gateway, with faults and clients that vanish', () => {
  letGoAfterEach();

  it('loses no request without an error, and counts each as it was', async () => {
    const requests = kinds.length * 15;
    const report = await mixedLoad({ folder: folder(), atOnce: 16, goesOn: (number) => number < requests });
    const { lost, wrong, miscounted, troubles, holdsLeft, socketsLeft } = report;
    assert.deepEqual([lost, wrong, miscounted, troubles, holdsLeft], [[], [], [], [], 0]);
    assert.deepEqual([report.requests, socketsLeft], [requests, 0]);
  });
});
