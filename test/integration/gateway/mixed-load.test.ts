import assert from 'node:assert/strict';
import { folder, letGoAfterEach } from '../ledger/ledger-fixture.ts';
import { mixedLoad } from './mixed-load.ts';
import { kinds } from './mixed-requests.ts';

describe('Gateway: a mixed load with faults and disconnects', () => {
  letGoAfterEach();

  it('loses no request without an error and counts every call correctly', async () => {
    const requests = kinds.length * 15;
    const report = await mixedLoad({ folder: folder(), atOnce: 16, goesOn: (number) => number < requests });
    const { lost, wrong, miscounted, troubles, holdsLeft, socketsLeft } = report;
    assert.deepEqual([lost, wrong, miscounted, troubles, holdsLeft], [[], [], [], [], 0]);
    assert.deepEqual([report.requests, socketsLeft], [requests, 0]);
  });
});
