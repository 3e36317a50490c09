import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { mock } from 'node:test';
import { createFile, readIfThere, removeLeftovers, replaceFile } from '../../../src/shared/atomic-file.ts';

/** An error of the operating system that a test cannot cause otherwise. */
function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: as another system answers`), { code });
}

/** The first `times` calls fail with this code. Later ones reach the file system. */
function failing(
  method: 'link' | 'rename' | 'rm' | 'readFile',
  code: string,
  times = Infinity,
): { calls: number } {
  const real = fs[method] as (...given: unknown[]) => Promise<unknown>;
  const seen = { calls: 0 };
  mock.method(fs, method, (...given: unknown[]) => {
    seen.calls += 1;
    return seen.calls <= times ? Promise.reject(systemError(code)) : real(...given);
  });
  return seen;
}

/** Makes `sync` or `chmod` fail for some folders and files. */
function failingHandles(method: 'sync' | 'chmod', code: string, which: (file: string) => boolean): void {
  const { open } = fs;
  mock.method(fs, 'open', async (...given: Parameters<typeof open>) => {
    const handle = await open(...given);
    if (which(String(given[0]))) mock.method(handle, method, () => Promise.reject(systemError(code)));
    return handle;
  });
}

describe('replaceFile and createFile', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'callguard-file-'));
    file = path.join(folder, 'ring.json');
  });
  afterEach(async () => {
    mock.restoreAll();
    await fs.rm(folder, { recursive: true });
  });

  const onlyIt = async (text: string) => {
    mock.restoreAll();
    assert.equal(await fs.readFile(file, 'utf8'), text);
    assert.deepEqual(await fs.readdir(folder), ['ring.json']);
  };

  for (const code of ['EPERM', 'EBUSY', 'EACCES']) {
    it(`write the file once a virus scanner releases it (${code})`, async () => {
      await fs.writeFile(file, 'old');
      const renames = failing('rename', code, 3);
      await replaceFile(file, 'new');
      assert.equal(renames.calls, 4);
      await onlyIt('new');
    });
  }

  it('keep the old file if that takes more than 2 s, and leave nothing beside it', async () => {
    await fs.writeFile(file, 'old');
    failing('rename', 'EBUSY');
    const startMs = performance.now();
    await assert.rejects(replaceFile(file, 'new'), { code: 'EBUSY' });
    const waitedMs = performance.now() - startMs;
    assert.ok(waitedMs > 1_900, `waited ${waitedMs} ms`);
    await onlyIt('old');
  });

  for (const code of ['EPERM', 'EBUSY']) {
    it(`read the file once another window has replaced it (${code})`, async () => {
      await fs.writeFile(file, 'text');
      failing('readFile', code, 2);
      assert.equal(await readIfThere(file), 'text');
    });
  }

  it('report at once that the user may not read the file', async () => {
    const reads = failing('readFile', 'EACCES');
    await assert.rejects(readIfThere(file), { code: 'EACCES' });
    assert.equal(reads.calls, 1);
  });

  it('fail at once if no other program holds the file', async () => {
    const renames = failing('rename', 'ENOSPC');
    await assert.rejects(replaceFile(file, 'new'), { code: 'ENOSPC' });
    assert.equal(renames.calls, 1);
  });

  // EISDIR: exFAT. EACCES: Termux. EINVAL, ENOTSUP, EPERM, ENOSYS: FUSE and network drives.
  for (const code of ['EISDIR', 'EACCES', 'EINVAL', 'ENOTSUP', 'EPERM', 'ENOSYS', 'EXDEV', 'EIO']) {
    it(`create the file on a file system without hard links, which answers ${code}`, async () => {
      failing('link', code);
      assert.equal(await createFile(file, 'first'), true);
      if (process.platform !== 'win32') assert.equal((await fs.stat(file)).mode & 0o777, 0o600);
      assert.equal(await createFile(file, 'second'), false);
      await onlyIt('first');
    });
  }

  it('let one of several concurrent writers create the file, with hard links and without', async () => {
    for (const name of ['linked', 'unlinked']) {
      const made = await Promise.all([1, 2, 3].map((n) => createFile(path.join(folder, name), String(n))));
      assert.equal(made.filter(Boolean).length, 1);
      failing('link', 'EISDIR');
    }
  });

  for (const code of ['EINVAL', 'EPERM', 'EIO', 'ENOTSUP']) {
    it(`write the file even if its folder cannot be synced (${code})`, async () => {
      failingHandles('sync', code, (name) => name === folder);
      assert.equal(await createFile(file, 'old'), true);
      await replaceFile(file, 'new');
      await onlyIt('new');
    });
  }

  it('write the file on a file system that cannot sync files and has no modes', async () => {
    failingHandles('sync', 'EINVAL', () => true);
    await replaceFile(file, 'one');
    mock.restoreAll();
    failingHandles('chmod', 'ENOTSUP', () => true);
    await replaceFile(file, 'two', 0o644);
    await onlyIt('two');
  });

  it('fail if the disk fails', async () => {
    await fs.writeFile(file, 'old');
    failingHandles('sync', 'EIO', () => true);
    await assert.rejects(replaceFile(file, 'new'), { code: 'EIO' });
    await onlyIt('old');
  });

  it('create the file although a scanner holds its temporary name, which is removed the next time', async () => {
    failing('rm', 'EBUSY');
    assert.equal(await createFile(file, 'text'), true);
    mock.restoreAll();
    assert.equal((await fs.readdir(folder)).length, 2);
    failing('rm', 'EBUSY', 2);
    await removeLeftovers(file);
    await onlyIt('text');
  });
});
