import assert from 'node:assert/strict';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  readSettingsFile,
  removeSettingsFile,
  writeSettingsFile,
} from '../../../../src/gateway/connect/settings-file.ts';

describe('the settings file of a tool', () => {
  let home: string;
  let file: string;

  beforeEach(() => {
    home = realpathSync(mkdtempSync(path.join(tmpdir(), 'callguard-settings-')));
    file = path.join(home, '.tool', 'settings.json');
    mkdirSync(path.dirname(file));
  });
  afterEach(() => {
    rmSync(home, { recursive: true });
  });

  const problem = async (own?: number) => {
    const read = await readSettingsFile(file, home, ...(own === undefined ? [] : [own]));
    return read.ok ? undefined : read.error;
  };
  const read = async () => {
    const found = await readSettingsFile(file, home);
    assert.ok(found.ok);
    return found.value;
  };
  const write = async (text: string) => writeSettingsFile(await read(), text, home);

  it('is read with its text and mode', async () => {
    writeFileSync(file, '{ "a": "ä" }\n', { mode: 0o640 });
    assert.deepEqual(await read(), { file, text: '{ "a": "ä" }\n', mode: 0o640 });
  });

  it('may be missing with its folder, and is then made for the user alone', async () => {
    rmSync(path.dirname(file), { recursive: true });
    assert.deepEqual(await read(), { file, text: '', mode: undefined });
    assert.equal(await write('{}\n'), true);
    assert.equal(readFileSync(file, 'utf8'), '{}\n');
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  it('is not touched if it is a symbolic link', async () => {
    writeFileSync(path.join(home, 'real.json'), '{}');
    symlinkSync(path.join(home, 'real.json'), file);
    assert.equal(await problem(), 'symlink');
  });

  it('is not touched if its link leads nowhere', async () => {
    symlinkSync(path.join(home, 'gone.json'), file);
    assert.equal(await problem(), 'symlink');
  });

  it('is not touched if a folder on the way is a symbolic link', async () => {
    rmSync(path.dirname(file), { recursive: true });
    mkdirSync(path.join(home, 'dotfiles'));
    symlinkSync(path.join(home, 'dotfiles'), path.dirname(file));
    assert.equal(await problem(), 'symlink');
  });

  for (const place of ['.', '.tool']) {
    it(`is not touched if ${place === '.' ? 'the home folder' : 'its folder'} is under git`, async () => {
      mkdirSync(path.join(home, place, '.git'));
      assert.equal(await problem(), 'git');
    });
  }

  it('is not touched if it is in a work tree of git, where .git is a file', async () => {
    writeFileSync(path.join(home, '.tool', '.git'), 'gitdir: /elsewhere\n');
    assert.equal(await problem(), 'git');
  });

  it('is not touched if another user owns it', async () => {
    writeFileSync(file, '{}');
    assert.equal(await problem(statSync(file).uid + 1), 'owner');
  });

  it('is not touched if it has a second name', async () => {
    writeFileSync(file, '{}');
    linkSync(file, path.join(home, 'second.json'));
    assert.equal(await problem(), 'links');
  });

  it('is not touched if it is a folder, too large or no text', async () => {
    mkdirSync(file);
    assert.equal(await problem(), 'notFile');
    rmSync(file, { recursive: true });
    writeFileSync(file, ' '.repeat(1024 * 1024 + 1));
    assert.equal(await problem(), 'tooLarge');
    writeFileSync(file, Buffer.from([0x7b, 0xff, 0x7d]));
    assert.equal(await problem(), 'notText');
  });

  it('keeps its mode, and leaves no copy beside it', async () => {
    writeFileSync(file, '{}');
    chmodSync(file, 0o644);
    assert.equal(await write('{ "a": 1 }'), true);
    assert.equal(statSync(file).mode & 0o777, 0o644);
    assert.deepEqual(readdirSync(path.dirname(file)), ['settings.json']);
  });

  it('is not written if it has changed since it was read', async () => {
    writeFileSync(file, '{}');
    const before = await read();
    writeFileSync(file, '{ "by": "the tool" }');
    assert.equal(await writeSettingsFile(before, '{ "a": 1 }', home), false);
    assert.equal(readFileSync(file, 'utf8'), '{ "by": "the tool" }');
  });

  it('is not written if it has become a link since it was read', async () => {
    writeFileSync(file, '{}');
    const before = await read();
    rmSync(file);
    writeFileSync(path.join(home, 'real.json'), '{}');
    symlinkSync(path.join(home, 'real.json'), file);
    assert.equal(await writeSettingsFile(before, '{ "a": 1 }', home), false);
  });

  it('can be removed, also if it is gone already', async () => {
    writeFileSync(file, '{}');
    await removeSettingsFile(file);
    await removeSettingsFile(file);
    assert.deepEqual(readdirSync(path.dirname(file)), []);
  });
});
