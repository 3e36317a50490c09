import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../../scripts/paths.ts';
import { withTables } from '../../clients/matrix.ts';

describe('docs/tools.md', () => {
  const page = readFileSync(path.join(root, 'docs', 'tools.md'), 'utf8');

  it('has the tables of the last run of the proof', async () => {
    assert.equal(await withTables(page), page);
  });
});
