import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { Secret } from '../../../src/shared/secret.ts';
import { FileStore, keyOf, openFileWorld, origin, providers } from './file-world.ts';

const child = path.join(import.meta.dirname, 'crash-child.ts');
const atOnce = 4;
/** Far more writes than either work needs. The test gives up here if the child never finishes. */
const mostWrites = 400;

const enoughMs = 120_000;

const works = { rotate: 'rotation', migrate: 'migration' } as const;

type Work = keyof typeof works;

interface Crashes {
  points: number;
  lost: number;
  twice: number;
}

/** Kills a window at every `step`-th write while it works on all keys. `look` gets the result. */
export function describeCrashes(
  title: string,
  step: number,
  look: (crashes: Crashes, work: Work) => void,
): void {
  describe(title, function () {
    // Starts a dozen processes one after the other, which takes long on a busy machine.
    this.timeout(Math.max(this.timeout(), enoughMs));
    let root: string;
    beforeEach(async () => {
      root = await fs.mkdtemp(path.join(os.tmpdir(), 'callguard-crash-'));
    });
    afterEach(() => fs.rm(root, { recursive: true }));

    for (const work of ['rotate', 'migrate'] as const) {
      it(`loses no key and seals none twice in a ${works[work]}`, async () => {
        const start = path.join(root, work);
        await keysBefore(work, start);
        const crashes = await killAtWrites(work, start, step);
        look(crashes, work);
        const { lost, twice } = crashes;
        assert.deepEqual({ lost, twice }, { lost: 0, twice: 0 });
      });
    }
  });
}

/** Stores ten keys before the work. */
async function keysBefore(work: Work, folder: string): Promise<void> {
  const { store, vault } = await openFileWorld(folder);
  for (const [index, provider] of providers.entries()) {
    const key = keyOf(provider);
    if (work === 'rotate') assert.ok((await vault.set(provider, origin, new Secret(key))).ok);
    else {
      const value = index % 2 === 0 ? key : Buffer.from(key).toString('base64');
      await store.set(`callguard.apiKey.${provider}`, value);
    }
  }
}

/** Repeats the work from a copy of `start`, killed at every `step`-th write, until it finishes. */
async function killAtWrites(work: Work, start: string, step: number): Promise<Crashes> {
  const crashes: Crashes = { points: 0, lost: 0, twice: 0 };
  for (let first = 1; ; first += atOnce * step) {
    assert.ok(first < mostWrites, 'the child never got through');
    const ends = await Promise.all(
      Array.from({ length: atOnce }, async (_, offset) => {
        const dieAt = first + offset * step;
        const folder = `${start}-${dieAt}`;
        await fs.cp(start, folder, { recursive: true });
        const killed = await runChild(folder, work, dieAt);
        return { killed, ...(await nextStart(folder, work)) };
      }),
    );
    for (const { killed, lost, twice } of ends) {
      crashes.lost += lost;
      crashes.twice += twice;
      if (killed) crashes.points += 1;
    }
    if (ends.some(({ killed }) => !killed)) return crashes;
  }
}

/** Whether the child was killed; otherwise it has finished its work. */
async function runChild(folder: string, work: Work, dieAt: number): Promise<boolean> {
  const running = spawn(process.execPath, [child, folder, work, String(dieAt)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code, signal] = (await once(running, 'exit')) as [number | null, string | null];
  assert.ok(code === 0 || signal === 'SIGKILL', `the child ended with ${String(code)}`);
  return signal === 'SIGKILL';
}

/** Starts Callguard again and checks the keys. */
async function nextStart(folder: string, work: Work): Promise<{ lost: number; twice: number }> {
  const { vault, ring } = await openFileWorld(folder);
  const before = await rowsOf(folder);
  assert.ok((await vault.sealAgain()).ok);
  if (work === 'migrate') {
    const migrated = await vault.migrate({
      bindingOf: () => ({ origin, from: 'catalogue' }),
      confirmOrigin: () => Promise.resolve(false),
    });
    assert.deepEqual(migrated.ok && migrated.value.kept, []);
  }
  const after = await rowsOf(folder);
  const loaded = await ring.load();
  const kid = loaded.ok ? (loaded.value.current?.kid ?? 'none') : 'none';
  let lost = 0;
  let twice = 0;
  for (const provider of providers) {
    const opened = await vault.open(provider, origin);
    if (!opened.ok || opened.value?.secret.reveal() !== keyOf(provider)) lost += 1;
    const name = `callguard.key.${provider}`;
    const [was, is] = [before.get(name), after.get(name)];
    assert.ok(is?.includes(kid), `${provider} is not under the current master key`);
    if (was?.includes(kid) === true && was !== is) twice += 1;
    const state = await vault.state(provider, origin);
    assert.equal(state.kind, 'set');
  }
  assert.equal(after.size, providers.length, 'something of the older layout is left');
  const leftovers = (await fs.readdir(path.join(folder, 'ring'))).filter((name) => name !== 'ring.json');
  assert.ok(leftovers.length <= 1);
  return { lost, twice };
}

async function rowsOf(folder: string): Promise<Map<string, string>> {
  const store = new FileStore(folder);
  const rows = new Map<string, string>();
  for (const name of await store.keys()) rows.set(name, (await store.get(name)) ?? '');
  return rows;
}
