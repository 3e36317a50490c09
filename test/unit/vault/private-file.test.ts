import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { mock } from 'node:test';
import { ExposedError, makePrivate, readPrivateFile } from '../../../src/vault/private-file.ts';

const mostBytes = 1_000;

describe('readPrivateFile', () => {
  let home: string;
  let folder: string;
  let file: string;
  beforeEach(async () => {
    home = await fs.mkdtemp(path.join(os.tmpdir(), "callguard's private-"));
    folder = path.join(home, 'keys');
    file = path.join(folder, 'ring.json');
    await fs.mkdir(folder);
    await write(file, 0o600);
  });
  afterEach(async () => {
    mock.restoreAll();
    await fs.rm(home, { recursive: true });
  });

  async function write(at: string, mode: number): Promise<void> {
    await fs.writeFile(at, 'text');
    await fs.chmod(at, mode);
  }

  const read = () => readPrivateFile(file, mostBytes);
  const modeOf = async (at: string) => (await fs.stat(at)).mode & 0o777;

  async function exposed(): Promise<Pick<ExposedError, 'path' | 'exposure' | 'command'>> {
    const error = await read().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof ExposedError, String(error));
    return { path: error.path, exposure: error.exposure, command: error.command };
  }

  const quoted = (at: string) => `'${at.replace("'", String.raw`'\''`)}'`;

  it('returns undefined without a file or a folder', async () => {
    await fs.rm(folder, { recursive: true });
    assert.equal(await read(), undefined);
    await fs.mkdir(folder);
    assert.equal(await read(), undefined);
  });

  for (const mode of [0o600, 0o640, 0o644, 0o604, 0o711, 0o400]) {
    it(`reads a file of mode ${mode.toString(8)} and lets nobody else read it`, async () => {
      await fs.chmod(file, mode);
      assert.equal(await read(), 'text');
      assert.equal((await modeOf(file)) & 0o077, 0);
    });
  }

  for (const mode of [0o700, 0o755, 0o750, 0o775, 0o777]) {
    it(`makes a folder of mode ${mode.toString(8)} private`, async () => {
      await fs.chmod(folder, mode);
      assert.equal(await read(), 'text');
      assert.equal(await modeOf(folder), 0o700);
    });
  }

  for (const mode of [0o666, 0o660, 0o602, 0o620, 0o777]) {
    it(`refuses a file of mode ${mode.toString(8)} with the command that fixes it`, async () => {
      await fs.chmod(file, mode);
      const command = `chmod 600 ${quoted(file)}`;
      assert.deepEqual(await exposed(), { path: file, exposure: 'writable', command });
      assert.equal(await modeOf(file), mode, 'left as it was, for the user to see');
      await fs.chmod(file, 0o600);
      assert.equal(await read(), 'text');
    });
  }

  it('refuses a folder that others may write to, if that cannot be changed', async () => {
    await fs.chmod(folder, 0o777);
    mock.method(fs, 'chmod', () => Promise.reject(Object.assign(new Error('no'), { code: 'EPERM' })));
    const command = `chmod 700 ${quoted(folder)}`;
    assert.deepEqual(await exposed(), { path: folder, exposure: 'writable', command });
  });

  it('refuses a file and a folder of another user', async () => {
    const uid = process.getuid?.() ?? 0;
    mock.property(process, 'getuid', () => uid + 1);
    const command = `sudo chown "$(id -un)" ${quoted(folder)}`;
    assert.deepEqual(await exposed(), { path: folder, exposure: 'owner', command });
  });

  it('changes nothing where files have no owner, as on Windows', async () => {
    await fs.chmod(file, 0o666);
    await fs.chmod(folder, 0o777);
    mock.property(process, 'getuid', undefined);
    assert.equal(await read(), 'text');
    assert.deepEqual([await modeOf(file), await modeOf(folder)], [0o666, 0o777]);
  });

  describe('through a symbolic link', () => {
    let elsewhere: string;
    let target: string;
    beforeEach(async () => {
      elsewhere = path.join(home, 'elsewhere');
      target = path.join(elsewhere, 'other.json');
      await fs.mkdir(elsewhere);
      await write(target, 0o600);
      await fs.rm(file);
      await fs.symlink(target, file);
    });

    it('reads a private file in a folder that nobody else may write to', async () => {
      await fs.chmod(elsewhere, 0o755);
      assert.equal(await read(), 'text');
      assert.equal(await modeOf(elsewhere), 0o755);
    });

    it('refuses a file that others may write to', async () => {
      await fs.chmod(target, 0o666);
      assert.deepEqual((await exposed()).exposure, 'writable');
    });

    it('refuses a file in a folder that others may write to', async () => {
      await fs.chmod(elsewhere, 0o777);
      const real = await fs.realpath(elsewhere);
      const command = `chmod go-w ${quoted(real)}`;
      assert.deepEqual(await exposed(), { path: real, exposure: 'writable', command });
    });

    it('makes the folder private that a linked folder leads to', async () => {
      await fs.rm(folder, { recursive: true });
      await fs.symlink(elsewhere, folder);
      await fs.rename(target, path.join(elsewhere, 'ring.json'));
      await fs.chmod(elsewhere, 0o755);
      assert.equal(await read(), 'text');
      assert.equal(await modeOf(elsewhere), 0o700);
    });
  });

  it('refuses what is not a file', async () => {
    await fs.rm(file);
    await fs.mkdir(file);
    assert.equal((await exposed()).exposure, 'kind');
  });

  it('does not read a file that is too long', async () => {
    await fs.writeFile(file, 'x'.repeat(mostBytes + 1), { mode: 0o600 });
    await assert.rejects(read(), /too long/);
  });
});

describe('makePrivate', () => {
  it('takes the rights of others away', async () => {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'callguard-private-'));
    try {
      await fs.chmod(folder, 0o755);
      await makePrivate(folder, 0o700);
      assert.equal((await fs.stat(folder)).mode & 0o777, 0o700);
    } finally {
      await fs.rm(folder, { recursive: true });
    }
  });
});
