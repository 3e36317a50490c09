import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { keysBefore, killAtWrites, type Work } from '../integration/vault/crash.ts';
import { providers } from '../integration/vault/file-world.ts';

describe('a window killed at every write', () => {
  let root: string;
  beforeEach(async () => {
    root = await fs.mkdtemp(path.join(os.tmpdir(), 'callguard-crash-'));
  });
  afterEach(() => fs.rm(root, { recursive: true }));

  const works: Record<Work, string> = { rotate: 'rotation', migrate: 'migration' };
  for (const work of ['rotate', 'migrate'] as const) {
    it(`of a ${works[work]} loses no key and seals none twice`, async () => {
      const start = path.join(root, work);
      await keysBefore(work, start);
      const { points, lost, twice } = await killAtWrites(work, start, 1);
      console.log(`    ${work}: ${points} crash points, keys lost ${lost}, sealed twice ${twice}`);
      assert.deepEqual({ lost, twice }, { lost: 0, twice: 0 });
      // Each key has a row, an entry of the manifest and a row of the audit.
      assert.ok(points >= providers.length * 3, `${points} crash points`);
    });
  }
});
