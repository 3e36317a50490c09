import assert from 'node:assert/strict';
import { reasonWords } from '../../../src/panel/page/page-text.ts';

describe('reasonWords', () => {
  it('puts a known reason into words', () => {
    assert.equal(reasonWords('cap'), 'Cap reached');
  });

  it('shows an unknown reason unchanged', () => {
    for (const reason of ['of tomorrow', 'constructor', '__proto__'])
      assert.equal(reasonWords(reason), reason);
  });
});
