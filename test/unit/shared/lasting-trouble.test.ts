import assert from 'node:assert/strict';
import { LastingTrouble } from '../../../src/shared/lasting-trouble.ts';

describe('a trouble that lasts', () => {
  it('is news once, until it is over or another one takes its place', () => {
    const trouble = new LastingTrouble();
    assert.deepEqual(
      ['locked', 'locked', 'full', 'locked', 'locked'].map((what) => trouble.isNews(what)),
      [true, false, true, true, false],
    );
    trouble.over();
    assert.equal(trouble.isNews('locked'), true);
  });
});
