import assert from 'node:assert/strict';
import { describeCrashes } from '../integration/vault/crash.ts';
import { providers } from '../integration/vault/file-world.ts';

describeCrashes('a window killed at every write', 1, ({ points, lost, twice }, work) => {
  console.log(`    ${work}: ${points} crash points, keys lost ${lost}, sealed twice ${twice}`);
  // Each key has a row, an entry of the manifest and a row of the audit.
  assert.ok(points >= providers.length * 3, `${points} crash points`);
});
