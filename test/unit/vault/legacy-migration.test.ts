import assert from 'node:assert/strict';
import { Secret } from '../../../src/shared/secret.ts';
import { sealToken } from '../../../src/vault/fernet.ts';
import { decodeLegacyValue } from '../../../src/vault/legacy.ts';
import { MasterKey } from '../../../src/vault/master-key.ts';
import type { MigrationOptions } from '../../../src/vault/legacy-migration.ts';
import { createWorld, type World } from './harness.ts';

const master = MasterKey.generate();
const ring = { source: 'environment', current: master, previous: [] } as const;
const plain = 'sk-legacy-canary-0123456789';
const origin = 'https://api.openai.com';

describe('decodeLegacyValue', () => {
  const azure = `${'a1'.repeat(26)}JQQJ99${'b'.repeat(26)}`;
  for (const [what, value, key] of [
    ['base64', Buffer.from(plain).toString('base64'), plain],
    [
      'base64 without padding',
      Buffer.from(plain + '+')
        .toString('base64')
        .replace(/=+$/, ''),
      plain + '+',
    ],
    [
      'url-safe base64',
      Buffer.from('sk-legacy-canary??>>~~').toString('base64url'),
      'sk-legacy-canary??>>~~',
    ],
    ['a plain key', plain, plain],
    ['a plain key with a newline', `${plain}\n`, plain],
    [
      'a plain key that is valid base64 (32 letters)',
      'Zq8Wm3Xc5Vb7Nn9Mk1Lj2Hg4Fd6Ss0Pa',
      'Zq8Wm3Xc5Vb7Nn9Mk1Lj2Hg4Fd6Ss0Pa',
    ],
    ['a plain key that is valid base64 (84 letters)', azure, azure],
    ['base64 that is too short for a key', 'c2hvcnQ=', 'c2hvcnQ='],
    ['a plain key that begins like the first byte of a token', 'gBcd3fGh1jKlMn0p', 'gBcd3fGh1jKlMn0p'],
    ['a plain key that begins with gAAA', 'gAAAf3Gh1jKlMn0p', 'gAAAf3Gh1jKlMn0p'],
    ['32 hex digits', '0123456789abcdef0123456789abcdef', '0123456789abcdef0123456789abcdef'],
  ] as const) {
    it(`reads ${what}`, () => {
      assert.deepEqual(decodeLegacyValue(value, ring), { ok: true, value: key });
    });
  }

  it('reads a Fernet token under the current or a previous key of the ring', async () => {
    const token = await sealToken(plain, master);
    assert.deepEqual(decodeLegacyValue(token, ring), { ok: true, value: plain });
    const rotated = { ...ring, current: MasterKey.generate(), previous: [master] };
    assert.deepEqual(decodeLegacyValue(token, rotated), { ok: true, value: plain });
  });

  it('returns an error for a Fernet token that does not open', async () => {
    const token = await sealToken(plain, MasterKey.generate());
    for (const value of [token, token.slice(0, -8), `${(await sealToken(plain, master)).slice(0, -4)}AAA=`]) {
      assert.deepEqual(decodeLegacyValue(value, ring), { ok: false, error: 'unreadableToken' });
    }
  });

  it('returns an error for an empty value', () => {
    assert.deepEqual(decodeLegacyValue(' \n', ring), { ok: false, error: 'empty' });
  });
});

describe('migrateLegacyKeys', () => {
  let world: World;
  let asked: string[];
  beforeEach(async () => {
    world = await createWorld();
    asked = [];
  });
  afterEach(() => world.remove());

  function options(answer = true): MigrationOptions {
    return {
      bindingOf: (provider) => {
        if (provider === 'unknown') return undefined;
        return { origin, from: provider === 'custom' ? 'custom' : 'catalogue' };
      },
      confirmOrigin: (provider, to) => {
        asked.push(`${provider} ${to}`);
        return Promise.resolve(answer);
      },
    };
  }

  async function migrate(answer?: boolean, window = world.window()) {
    const report = await window.vault.migrate(options(answer));
    assert.ok(report.ok);
    return {
      migrated: report.value.migrated,
      kept: report.value.kept.map(({ provider, refusal }) => `${provider}: ${refusal.kind}`),
    };
  }

  it('seals base64 and plain keys, and removes the old values', async () => {
    world.store.rows.set('callguard.apiKey.one', plain);
    world.store.rows.set('callguard.apiKey.two', Buffer.from(plain).toString('base64'));
    world.store.rows.set('somebody.else', plain);
    assert.deepEqual(await migrate(), { migrated: ['one', 'two'], kept: [] });
    assert.deepEqual([...world.store.rows.keys()].sort(), [
      'callguard.key.one',
      'callguard.key.two',
      'somebody.else',
    ]);
    for (const provider of ['one', 'two']) {
      const opened = await world.window().vault.open(provider, origin);
      assert.equal(opened.ok && opened.value?.secret.reveal(), plain);
    }
    assert.deepEqual(asked, []);
    assert.deepEqual(world.events.map(({ kind }) => kind).slice(0, 2), ['keyMigrated', 'keyMigrated']);
  });

  it('asks before it binds a key to a custom origin, and keeps the old value if the user declines', async () => {
    world.store.rows.set('callguard.apiKey.custom', plain);
    assert.deepEqual(await migrate(false), { migrated: [], kept: ['custom: originDeclined'] });
    assert.equal(world.store.rows.get('callguard.apiKey.custom'), plain);
    assert.deepEqual(await migrate(true), { migrated: ['custom'], kept: [] });
    assert.deepEqual(asked, [`custom ${origin}`, `custom ${origin}`]);
  });

  it('does not overwrite a newer key, and keeps the old value', async () => {
    await world.window().vault.set('one', origin, new Secret('entered since'));
    world.store.rows.set('callguard.apiKey.one', plain);
    assert.deepEqual(await migrate(), { migrated: [], kept: ['one: otherKeySet'] });
    assert.equal(world.store.rows.get('callguard.apiKey.one'), plain);
  });

  it('removes an old value whose key is already sealed, without sealing it twice', async () => {
    await world.window().vault.set('one', origin, new Secret(plain));
    world.store.rows.set('callguard.apiKey.one', plain);
    world.store.writes.length = 0;
    assert.deepEqual(await migrate(), { migrated: ['one'], kept: [] });
    assert.deepEqual(world.store.writes, []);
    assert.equal(world.store.rows.has('callguard.apiKey.one'), false);
  });

  it('keeps values that it cannot read or assign, and migrates the others', async () => {
    world.store.rows.set('callguard.apiKey.bad', await sealToken(plain, MasterKey.generate()));
    world.store.rows.set('callguard.apiKey.empty', '');
    world.store.rows.set('callguard.apiKey.good', plain);
    world.store.rows.set('callguard.apiKey.unknown', plain);
    assert.deepEqual(await migrate(), {
      migrated: ['good'],
      kept: ['bad: unreadableToken', 'empty: empty', 'unknown: unknownProvider'],
    });
    assert.equal(world.store.rows.size, 4);
  });

  it('runs in one of two windows', async () => {
    world.store.rows.set('callguard.apiKey.one', plain);
    const reports = await Promise.all([migrate(true, world.window()), migrate(true, world.window())]);
    assert.deepEqual(
      reports.flatMap(({ migrated }) => migrated),
      ['one'],
    );
    assert.equal(world.store.writes.length, 1);
  });

  it('keeps the old value if the store does not keep the new one', async () => {
    world.store.rows.set('callguard.apiKey.one', plain);
    world.store.garble = (value) => `${value} `;
    assert.deepEqual(await migrate(), { migrated: [], kept: ['one: store'] });
    assert.deepEqual([...world.store.rows.keys()], ['callguard.apiKey.one']);
  });
});
