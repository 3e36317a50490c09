import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../../scripts/paths.ts';
import { codeIn, readPage, sectionOf, sorted } from '../../support/markdown.ts';

const page = 'ARCHITECTURE.md';

/** The paths of the tree below a fenced `src/`, folders with a slash at the end. Two blanks indent one level. */
function drawnTree(): string[] {
  const [, drawing = ''] = /```\nsrc\/\n([^]*?)```/.exec(sectionOf(page, 'Rooms')) ?? [];
  const parents: string[] = [];
  return drawing
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [, indent = '', name = '', what = ''] = /^( +)(\S+) +(.*)$/.exec(line) ?? [];
      assert.notEqual(what, '', `'${line}' says what is there`);
      parents.length = indent.length / 2 - 1;
      parents.push(name);
      return parents.join('');
    });
}

/** The folders of `src/` and the files at its top. Each folder of `dialects/` has the same files, so none is drawn. */
function realTree(): string[] {
  const source = path.join(root, 'src');
  return readdirSync(source, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const relative = path
        .relative(source, path.join(entry.parentPath, entry.name))
        .replaceAll(path.sep, '/');
      return entry.isDirectory() ? `${relative}/` : relative;
    })
    .filter((entry) => entry.endsWith('/') || !entry.includes('/'))
    .filter((entry) => !/^(?:providers\/dialects|gateway\/protocols)\/./.test(entry))
    .filter((entry) => entry !== 'panel/page/styles/');
}

describe('ARCHITECTURE.md', () => {
  it('draws every folder of src/ and every file at its top', () => {
    assert.deepEqual(sorted(drawnTree()), sorted(realTree()));
  });

  it('names only files and folders that exist', () => {
    const text = readPage(page).replaceAll(/```[^]*?```/g, '');
    const named = codeIn(text).filter((code) => /^(?:src|test)\/[\w/.-]+$/.test(code));
    assert.ok(named.length > 10, `only ${named.length} paths were found`);
    assert.deepEqual(
      named.filter((each) => !existsSync(path.join(root, each))),
      [],
    );
  });
});
