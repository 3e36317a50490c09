import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../../scripts/paths.ts';
import { phaseNames } from '../../../scripts/test-arguments.ts';
import { codeIn, readPage, sectionOf, tableRowsIn } from '../../support/markdown.ts';

const page = 'CONTRIBUTING.md';

describe('README.md', () => {
  it('has the command that CI runs', () => {
    const command = 'npm ci && npm test';
    assert.ok(readPage('README.md').includes(`\n${command}\n`));
    assert.ok(readPage('.ci/run').includes(`${command};`));
  });
});

describe(page, () => {
  it('names only npm scripts that exist', () => {
    const { scripts } = JSON.parse(readPage('package.json')) as { readonly scripts: object };
    const named = [...readPage(page).matchAll(/`npm run ([\w:]+)/g)].map(([, name = '']) => name);
    assert.deepEqual(
      named.filter((name) => !Object.hasOwn(scripts, name)),
      [],
    );
    assert.ok(named.length > 5);
  });

  it('names every phase of npm test', () => {
    const [phases = ''] = codeIn(sectionOf(page, 'Commands')).filter((code) => code.startsWith('unit '));
    assert.deepEqual(phases.split(' '), phaseNames);
  });

  it('names only folders of tests that exist', () => {
    const folders = tableRowsIn(sectionOf(page, 'Where a test goes')).flatMap(([name = '']) => codeIn(name));
    assert.deepEqual(
      folders.filter((folder) => !existsSync(path.join(root, folder))),
      [],
    );
    assert.ok(folders.length > 5);
  });
});
