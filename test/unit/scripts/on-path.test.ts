import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { onPath } from '../../../scripts/on-path.ts';

describe('the file of a command', () => {
  const before = process.env['PATH'];
  let folder: string;
  const inFolder = (...names: string[]) => path.join(folder, ...names);

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'callguard-on-path-'));
  });
  afterEach(async () => {
    process.env['PATH'] = before;
    await rm(folder, { recursive: true });
  });

  it('is found behind what is missing, is no folder, or holds the name for something else', async () => {
    await writeFile(inFolder('a-file'), '');
    await mkdir(inFolder('of-folders', 'callguard-command'), { recursive: true });
    for (const [name, mode] of [
      ['of-texts', 0o644],
      ['of-programs', 0o755],
    ] as const) {
      await mkdir(inFolder(name));
      await writeFile(inFolder(name, 'callguard-command'), '', { mode });
    }
    const folders = ['missing', 'a-file', 'of-folders', 'of-texts', 'of-programs'].map((name) =>
      inFolder(name),
    );
    process.env['PATH'] = ['', ...folders].join(path.delimiter);
    assert.equal(await onPath('callguard-command'), inFolder('of-programs', 'callguard-command'));
  });

  it('is none where no folder has it', async () => {
    process.env['PATH'] = folder;
    assert.equal(await onPath('callguard-command'), undefined);
  });
});
