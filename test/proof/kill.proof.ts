import assert from 'node:assert/strict';
import { letGoAfterEach } from '../integration/ledger/ledger-fixture.ts';
import { killInTheMiddle } from '../integration/ledger/killed-processes.ts';

describe('80 kill -9 in the middle of writes', () => {
  letGoAfterEach();

  it('lose no settled call, break no link of the audit trail, and leave no hold after its expiry', async () => {
    const { kills, settled, lost, brokenLinks, holdsLeft, heldTokensLeft, cleared, miscounted } =
      await killInTheMiddle(80, 3);
    console.log(
      `    ${kills} kills: of ${settled} settled calls ${lost} lost; broken links ${brokenLinks}; ` +
        `holds left after expiry ${holdsLeft} (${cleared} were cleared)`,
    );
    assert.ok(settled > 80);
    assert.deepEqual([lost, brokenLinks, holdsLeft, heldTokensLeft, miscounted], [0, 0, 0, 0, 0]);
  });
});
