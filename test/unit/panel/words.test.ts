import assert from 'node:assert/strict';
import { reasonWords } from '../../../src/panel/page/page-text.ts';

describe('the words for a reason', () => {
  it('are for a person', () => {
    assert.equal(reasonWords('cap'), 'Cap reached');
  });

  it('are the reason itself where it is not known, whatever a row says', () => {
    for (const reason of ['of tomorrow', 'constructor', '__proto__'])
      assert.equal(reasonWords(reason), reason);
  });
});
