import assert from 'node:assert/strict';
import { Secret } from '../../../src/shared/secret.ts';
import { MasterKey } from '../../../src/vault/master-key.ts';
import { createWorld, type World } from './harness.ts';

const origin = 'https://host.example';
const providers = ['a', 'b', 'c', 'd'];

describe('rotation of the master key', () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld();
    const { vault } = world.window();
    for (const provider of providers) await vault.set(provider, origin, new Secret(`key of ${provider}`));
    world.store.writes.length = 0;
    world.events.length = 0;
  });
  afterEach(() => world.remove());

  function kidOf(provider: string): string | undefined {
    return /"kid":"(\w+)"/.exec(world.store.rows.get(`callguard.key.${provider}`) ?? '')?.[1];
  }

  async function assertAllOpen(window = world.window()): Promise<void> {
    for (const provider of providers) {
      const opened = await window.vault.open(provider, origin);
      assert.equal(opened.ok && opened.value?.secret.reveal(), `key of ${provider}`);
    }
  }

  it('seals every key once under the new master key, so that all open', async () => {
    const progress: string[] = [];
    const before = kidOf('a');
    const report = await world.window().vault.rotate({
      progress: (done, total) => progress.push(`${done}/${total}`),
    });
    assert.ok(report.ok);
    assert.deepEqual(report.value, {
      sealed: providers,
      kept: [],
      cancelled: false,
      elsewhere: false,
      kid: kidOf('a'),
    });
    assert.notEqual(kidOf('a'), before);
    assert.deepEqual(new Set(providers.map(kidOf)), new Set([report.value.kid]));
    assert.equal(world.store.writes.length, providers.length);
    assert.deepEqual(progress, ['1/4', '2/4', '3/4', '4/4']);
    await assertAllOpen();
  });

  it('seals the keys of the manifest in an editor that cannot list its secrets', async () => {
    world.store.keys = () => Promise.resolve(undefined);
    world.store.rows.delete('callguard.key.c');
    const first = await world.window().vault.rotate();
    assert.ok(first.ok);
    assert.deepEqual([first.value.sealed, first.value.kept], [['a', 'b', 'd'], []]);
    assert.ok((await world.window().vault.rotate()).ok);
    const opened = await world.window().vault.open('a', origin);
    assert.equal(opened.ok && opened.value?.secret.reveal(), 'key of a');
    const migrated = await world.window().vault.migrate({
      bindingOf: () => undefined,
      confirmOrigin: () => Promise.resolve(false),
    });
    assert.deepEqual(migrated, { ok: true, value: { migrated: [], kept: [] } });
  });

  it('keeps the date of a key, and updates the manifest and the audit', async () => {
    world.time.nowMs = 9_000;
    const report = await world.window().vault.rotate();
    assert.ok(report.ok);
    for (const entry of world.manifest.entries.values()) {
      assert.equal(entry.setAtMs, 1_000);
      assert.equal(entry.kid, report.value.kid);
    }
    assert.deepEqual(
      world.events.map(({ kind }) => kind),
      ['masterKeyRotated', 'keyRotated', 'keyRotated', 'keyRotated', 'keyRotated'],
    );
  });

  it('runs in one of two windows, and the other sees the result', async () => {
    const [first, second] = [world.window(), world.window()];
    const reports = await Promise.all([first.vault.rotate(), second.vault.rotate()]);
    const [one, two] = reports.map((report) => {
      assert.ok(report.ok);
      return report.value;
    });
    // Either window may have read the ring first.
    assert.deepEqual(new Set([one?.elsewhere, two?.elsewhere]), new Set([false, true]));
    assert.equal(one?.kid, two?.kid);
    assert.equal(world.store.writes.length, providers.length);
    await assertAllOpen(first);
    await assertAllOpen(second);
  });

  it('stops when cancelled with all keys readable, and finishes at the next start', async () => {
    const stop = new AbortController();
    const report = await world.window().vault.rotate({
      signal: stop.signal,
      progress: (done) => {
        if (done === 2) stop.abort();
      },
    });
    assert.ok(report.ok);
    assert.deepEqual([report.value.sealed, report.value.cancelled], [['a', 'b'], true]);
    await assertAllOpen();

    const rest = await world.window().vault.sealAgain();
    assert.deepEqual(rest, { ok: true, value: { sealed: ['c', 'd'], kept: [], cancelled: false } });
    assert.equal(world.store.writes.length, providers.length);
    const none = await world.window().vault.sealAgain();
    assert.deepEqual(none.ok && none.value.sealed, []);
  });

  it('finishes an interrupted rotation before another begins', async () => {
    const stop = new AbortController();
    const { vault } = world.window();
    await vault.rotate({
      signal: stop.signal,
      progress: () => {
        stop.abort();
      },
    });
    await vault.rotate();
    await vault.rotate();
    await assertAllOpen();
  });

  it('lists and keeps keys that cannot be opened, and seals the others', async () => {
    const damaged = (world.store.rows.get('callguard.key.b') ?? '').replace(/.{9}"\}$/, 'AAAAAAAAA"}');
    world.store.rows.set('callguard.key.b', damaged);
    const report = await world.window().vault.rotate();
    assert.ok(report.ok);
    assert.deepEqual(report.value.sealed, ['a', 'c', 'd']);
    assert.deepEqual(
      report.value.kept.map(({ provider, refusal }) => [provider, refusal.kind]),
      [['b', 'broken']],
    );
    assert.equal(world.store.rows.get('callguard.key.b'), damaged);
  });

  it('retires a master key at the second rotation after it', async () => {
    const row = world.store.rows.get('callguard.key.b') ?? '';
    const { vault } = world.window();
    await vault.rotate();
    world.store.rows.set('callguard.key.b', row);
    await assertAllOpen();
    await vault.rotate();
    await vault.rotate();
    world.store.rows.set('callguard.key.b', row);
    const opened = await vault.open('b', origin);
    assert.equal(opened.ok ? 'opened' : opened.error.kind, 'locked');
  });

  it('keeps a master key under which a key could not be sealed again', async () => {
    const row = world.store.rows.get('callguard.key.b') ?? '';
    const { vault } = world.window();
    for (let round = 0; round < 3; round += 1) {
      // The row is unreadable at each rotation and restored from a copy in the end.
      world.store.rows.set('callguard.key.b', row.replace(/.{9}"\}$/, 'AAAAAAAAA"}'));
      await vault.rotate();
    }
    world.store.rows.set('callguard.key.b', row);
    await assertAllOpen();
  });

  it('counts as stopped if the store fails once there is a new master key', async () => {
    const { store } = world;
    const list = store.keys;
    let lists = 0;
    store.keys = () => {
      lists += 1;
      return lists < 3 ? list() : Promise.reject(new Error('locked'));
    };
    const { vault } = world.window();
    const report = await vault.rotate();
    assert.deepEqual(report.ok && [report.value.sealed, report.value.cancelled], [[], true]);
    store.keys = list;
    await assertAllOpen();
    const finished = await vault.sealAgain();
    assert.deepEqual(finished.ok && finished.value.sealed, providers);
  });

  it('does not undo a key that is entered in the meantime', async () => {
    const { vault } = world.window();
    const other = world.window();
    await Promise.all([vault.rotate(), other.vault.set('c', origin, new Secret('entered meanwhile'))]);
    const opened = await vault.open('c', origin);
    assert.equal(opened.ok && opened.value?.secret.reveal(), 'entered meanwhile');
  });

  it('refuses to rotate a master key from the environment', async () => {
    const { vault } = world.window({ LLM_SECRET_KEY: MasterKey.generate().reveal() });
    assert.deepEqual(await vault.rotate(), { ok: false, error: { kind: 'environmentRing' } });
  });

  it('seals keys under a previous key from the environment again at start', async () => {
    const old = MasterKey.generate().reveal();
    const next = MasterKey.generate();
    await world.window({ LLM_SECRET_KEY: old }).vault.set('e', origin, new Secret('key of e'));
    const window = world.window({ LLM_SECRET_KEY: next.reveal(), LLM_PREVIOUS_KEYS: old });
    const report = await window.vault.sealAgain();
    assert.deepEqual(report.ok && report.value.sealed, ['e']);
    assert.equal(kidOf('e'), next.kid);
    // Keys under the ring file belong to windows without the environment: here they are locked, and kept.
    assert.deepEqual(
      report.ok && report.value.kept.map(({ refusal }) => refusal.kind),
      Array(4).fill('locked'),
    );
    await assertAllOpen();
  });
});
