import assert from 'node:assert/strict';
import { describeCrashes } from './crash.ts';

/** `npm run proof` kills the window at every single write. */
const step = 9;

describeCrashes('a window that is killed at some of its writes', step, ({ points }) => {
  assert.ok(points >= 4, `${points} crash points`);
});
