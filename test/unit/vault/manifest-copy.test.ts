import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { CopiedManifest } from '../../../src/vault/manifest-copy.ts';
import type { ManifestEntry } from '../../../src/vault/vault-ports.ts';
import { memoryManifest } from './harness.ts';

function entryOf(provider: string): ManifestEntry {
  const kid = '0123456789abcdef';
  return { provider, kid, origin: 'https://host.example', redactedKey: '*********6789', setAtMs: 1 };
}

describe('CopiedManifest', () => {
  let folder: string;
  let file: string;
  let troubles: unknown[];
  beforeEach(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'callguard-manifest-'));
    file = path.join(folder, 'keys', 'manifest.json');
    troubles = [];
  });
  afterEach(() => fs.rm(folder, { recursive: true }));

  function copied(manifest = memoryManifest()): CopiedManifest {
    return new CopiedManifest(manifest, file, (error) => troubles.push(error));
  }

  async function providers(manifest: CopiedManifest): Promise<string[]> {
    return (await manifest.all()).map(({ provider }) => provider).sort();
  }

  it('fills an empty manifest from the copy', async () => {
    const before = copied();
    await before.put(entryOf('a'));
    await before.put(entryOf('b'));
    const emptied = memoryManifest();
    assert.deepEqual(await copied(emptied).all(), [entryOf('a'), entryOf('b')]);
    assert.deepEqual([...emptied.entries.keys()], ['a', 'b']);
  });

  it('keeps the copy if another key is stored right after the damage', async () => {
    await copied().put(entryOf('a'));
    const after = copied();
    await after.put(entryOf('b'));
    assert.deepEqual(await providers(after), ['a', 'b']);
    assert.deepEqual(await providers(copied()), ['a', 'b']);
  });

  it('does not bring back a removed key', async () => {
    const before = copied();
    await before.put(entryOf('a'));
    await before.put(entryOf('b'));
    await before.remove('a');
    assert.deepEqual(await providers(copied()), ['b']);
    await before.remove('b');
    assert.deepEqual(await providers(copied()), []);
  });

  it('ignores the copy if the manifest has entries', async () => {
    await copied().put(entryOf('a'));
    const manifest = memoryManifest();
    await manifest.put(entryOf('b'));
    assert.deepEqual(await providers(copied(manifest)), ['b']);
  });

  it('reports and ignores a damaged copy, and writes it again with the next key', async () => {
    await fs.mkdir(path.dirname(file));
    await fs.writeFile(file, '{"v":1,"entries":[{');
    const manifest = copied();
    assert.deepEqual(await providers(manifest), []);
    assert.equal(troubles.length, 1);
    await manifest.put(entryOf('a'));
    assert.deepEqual(await providers(copied()), ['a']);
  });

  it('continues if the copy cannot be written', async () => {
    await fs.writeFile(path.join(folder, 'keys'), 'a file in the way');
    const manifest = memoryManifest();
    await copied(manifest).put(entryOf('a'));
    assert.deepEqual([...manifest.entries.keys()], ['a']);
    assert.ok(troubles.length > 0);
  });

  it('tries again after the manifest could not be read', async () => {
    await copied().put(entryOf('a'));
    const manifest = memoryManifest();
    let failing = true;
    const flaky = {
      ...manifest,
      all: () => (failing ? Promise.reject(new Error('the ledger is locked')) : manifest.all()),
    };
    const again = new CopiedManifest(flaky, file, (error) => troubles.push(error));
    await assert.rejects(again.all(), /locked/);
    failing = false;
    assert.deepEqual(await providers(again), ['a']);
  });

  it('leaves no other file behind', async () => {
    await copied().put(entryOf('a'));
    await copied().remove('a');
    assert.deepEqual(await fs.readdir(path.dirname(file)), ['manifest.json']);
  });
});
