import assert from 'node:assert/strict';
import { selectFiles } from '../../../scripts/mocha-phase.ts';

describe('the test files of a phase', () => {
  const select = (...files: string[]) => selectFiles('test/unit/scripts', { files, grep: '' });
  const [here, other] = ['test/unit/scripts/mocha-phase.test.ts', 'test/unit/scripts/on-path.test.ts'];

  it('are all where none of them is named', async () => {
    const all = await select('test/integration/bundle.test.ts');
    assert.ok(all.includes(here) && all.includes(other));
  });

  it('are those that are named', async () => {
    assert.deepEqual(await select(other, here), [here, other]);
  });

  it('are not all of them because of a slip of the pen', async () => {
    await assert.rejects(
      select(here, 'test/unit/scripts/on-pth.test.ts'),
      /test file .*on-pth\.test\.ts does not exist\./,
    );
  });
});
