import assert from 'node:assert/strict';
import { readPage } from '../../support/markdown.ts';

const { scripts } = JSON.parse(readPage('package.json')) as { scripts: Readonly<Record<string, string>> };

describe('the npm scripts', () => {
  for (const [name, command] of Object.entries(scripts)) {
    it(`${name} means the same in sh, cmd and PowerShell`, () => {
      // cmd knows double quotes alone, and neither cmd nor PowerShell expands these or has the words of a shell.
      assert.doesNotMatch(command, /['$`;|<>]/);
      assert.match(command.split(' ')[0] ?? '', /^(?:node|mocha|c8|tsc|eslint|prettier)$/);
    });
  }
});
