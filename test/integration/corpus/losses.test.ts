import assert from 'node:assert/strict';
import { countLosses } from '../../corpus/losses.ts';
import { sectionOf, tableRowsIn } from '../../support/markdown.ts';

describe('npm run corpus -- --losses', () => {
  it('counts for Callguard what docs/translation.md says', async () => {
    const { rows, notes } = await countLosses(false);
    const counted = rows.map(({ field, count: { kept, changed, lost } }) => [
      field,
      `${kept} / ${changed} / ${lost}`,
    ]);
    const listed = tableRowsIn(sectionOf('docs/translation.md', 'Beside other gateways'));
    assert.deepEqual(
      listed.map(([field, own]) => [field, own]),
      counted,
    );
    assert.deepEqual(notes, []);
  });
});
