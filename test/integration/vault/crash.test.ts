import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { keysBefore, killAtWrites, type Work } from './crash.ts';

/** `npm run proof` has it killed at every single write. */
const step = 9;

describe('a window killed here and there', () => {
  let root: string;
  beforeEach(async () => {
    root = await fs.mkdtemp(path.join(os.tmpdir(), 'callguard-crash-'));
  });
  afterEach(() => fs.rm(root, { recursive: true }));

  const works: Record<Work, string> = { rotate: 'rotation', migrate: 'migration' };
  for (const work of ['rotate', 'migrate'] as const) {
    it(`in a ${works[work]} loses no key and seals none twice`, async () => {
      const start = path.join(root, work);
      await keysBefore(work, start);
      const { points, lost, twice } = await killAtWrites(work, start, step);
      assert.deepEqual({ lost, twice }, { lost: 0, twice: 0 });
      assert.ok(points >= 4, `${points} crash points`);
    });
  }
});
