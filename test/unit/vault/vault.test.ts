import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { Secret } from '../../../src/shared/secret.ts';
import { MasterKey } from '../../../src/vault/master-key.ts';
import { describeKeyState, describeVaultRefusal } from '../../../src/vault/vault-refusal.ts';
import { createWorld, type World } from './harness.ts';

const origin = 'https://api.openai.com';
const key = 'sk-proj-canary-0123456789';

describe('Vault', () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld();
  });
  afterEach(() => world.remove());

  async function set(text = key, window = world.window()) {
    const done = await window.vault.set('openai', origin, new Secret(text));
    assert.ok(done.ok);
    return window;
  }

  it('returns the key that was set, also in another window', async () => {
    await set();
    const opened = await world.window().vault.open('openai', origin);
    assert.ok(opened.ok);
    assert.equal(opened.value?.secret.reveal(), key);
  });

  it('stores a key id and a token, and no plain text', async () => {
    await set();
    const stored = [...world.store.rows].flat().join() + JSON.stringify([...world.manifest.entries.values()]);
    assert.match(
      world.store.rows.get('callguard.key.openai') ?? '',
      /^\{"kid":"[0-9a-f]{16}","token":"gAAAAA/,
    );
    assert.ok(!stored.includes(key) && !stored.includes(Buffer.from(key).toString('base64')));
  });

  it('returns undefined if no key was set', async () => {
    const { vault } = world.window();
    assert.deepEqual(await vault.open('openai', origin), { ok: true, value: undefined });
    assert.deepEqual(await vault.state('openai', origin), { kind: 'notSet' });
  });

  it('reports the state set with the redacted key and its date', async () => {
    const { vault } = await set();
    const state = await vault.state('openai', origin);
    assert.equal(state.kind, 'set');
    assert.equal(state.redactedKey, '*********6789');
    const { generation, keyMac, entryMac, ...entry } = world.manifest.entries.get('openai') ?? assert.fail();
    assert.match(generation ?? '', /^gAAAAA[\w-]{28}$/);
    for (const mac of [keyMac, entryMac]) assert.match(mac ?? '', /^[\w-]{43}$/);
    assert.deepEqual(entry, {
      provider: 'openai',
      kid: state.kid,
      origin,
      redactedKey: '*********6789',
      setAtMs: 1000,
    });
  });

  it('distinguishes a lost key from one that was never set', async () => {
    const { vault } = await set();
    world.store.rows.clear();
    assert.deepEqual(await vault.state('openai', origin), { kind: 'lost' });
    assert.deepEqual(await vault.open('openai', origin), { ok: false, error: { kind: 'lost' } });
  });

  it('reports a key under an unknown master key as locked, and never overwrites it', async () => {
    await set(key, world.window({ LLM_SECRET_KEY: MasterKey.generate().reveal() }));
    const before = world.store.rows.get('callguard.key.openai');
    const { vault } = world.window();
    const state = await vault.state('openai', origin);
    assert.equal(state.kind, 'locked');
    const refused = await vault.set('openai', origin, new Secret('another'));
    assert.equal(refused.ok ? 'set' : refused.error.kind, 'locked');
    await vault.sealAgain();
    await vault.rotate();
    assert.equal(world.store.rows.get('callguard.key.openai'), before);
  });

  it('stores a new key after a locked one was removed', async () => {
    await set(key, world.window({ LLM_SECRET_KEY: MasterKey.generate().reveal() }));
    const { vault } = world.window();
    assert.ok((await vault.remove('openai')).ok);
    assert.ok((await vault.set('openai', origin, new Secret('another key'))).ok);
  });

  it('refuses another origin until the user confirms it', async () => {
    const { vault } = await set();
    const changed = { kind: 'originChanged', approved: origin, wanted: 'https://evil.example' };
    assert.deepEqual(await vault.open('openai', 'https://evil.example'), { ok: false, error: changed });
    assert.deepEqual(await vault.state('openai', 'https://evil.example'), changed);

    assert.ok((await vault.confirmOrigin('openai', 'https://evil.example')).ok);
    assert.ok((await vault.open('openai', 'https://evil.example')).ok);
    assert.ok(!(await vault.open('openai', origin)).ok);
    assert.deepEqual(world.manifest.entries.get('openai')?.origin, 'https://evil.example');
  });

  it('compares the whole origin: scheme, host and port', async () => {
    const { vault } = await set();
    for (const other of [
      'http://api.openai.com',
      'https://api.openai.com:8443',
      'https://api.openai.com.evil.example',
    ]) {
      const opened = await vault.open('openai', other);
      assert.equal(opened.ok ? 'opened' : opened.error.kind, 'originChanged');
    }
  });

  it('does not confirm an origin if no key is set', async () => {
    const done = await world.window().vault.confirmOrigin('openai', origin);
    assert.deepEqual(done, { ok: false, error: { kind: 'notSet' } });
  });

  for (const [what, spoil] of Object.entries({
    'is not JSON': () => 'junk',
    'has another shape': () => '{"kid":1}',
    'was tampered with': (row: string) => row.replace(/.{9}"\}$/, 'AAAAAAAAA"}'),
    'is cut': (row: string) => row.slice(0, -20) + '"}',
  })) {
    it(`reports a row as broken that ${what}, and replaces it when a key is entered`, async () => {
      await set();
      const row = world.store.rows.get('callguard.key.openai') ?? '';
      world.store.rows.set('callguard.key.openai', spoil(row));
      const { vault } = world.window();
      assert.equal((await vault.state('openai', origin)).kind, 'broken');
      const opened = await vault.open('openai', origin);
      assert.equal(opened.ok ? 'opened' : opened.error.kind, 'broken');
      assert.ok((await vault.set('openai', origin, new Secret('entered again'))).ok);
      assert.ok((await vault.open('openai', origin)).ok);
    });
  }

  it('does not open the row of another provider', async () => {
    const { vault } = await set();
    world.store.rows.set('callguard.key.groq', world.store.rows.get('callguard.key.openai') ?? '');
    const opened = await vault.open('groq', origin);
    assert.equal(opened.ok ? 'opened' : opened.error.kind, 'broken');
  });

  it('sees at once that another window replaced a key, with or without an event', async () => {
    const mine = await set();
    const other = world.window();
    await mine.vault.open('openai', origin);
    await other.vault.set('openai', origin, new Secret('second key of all'));
    const opened = await mine.vault.open('openai', origin);
    assert.equal(opened.ok && opened.value?.secret.reveal(), 'second key of all');
  });

  it('deletes a removed key, and does nothing for a key that was never set', async () => {
    const { vault } = await set();
    assert.ok((await vault.remove('openai')).ok);
    assert.ok((await vault.remove('openai')).ok);
    assert.deepEqual(await vault.state('openai', origin), { kind: 'notSet' });
    assert.equal(world.events.filter(({ kind }) => kind === 'keyRemoved').length, 1);
  });

  it('registers every opened or entered key with the redactor', async () => {
    const mine = await set('odd canary');
    assert.equal(mine.redactor.redact('<odd canary>'), '<***>');
    const other = world.window();
    assert.equal(other.redactor.redact('<odd canary>'), '<odd canary>');
    await other.vault.open('openai', origin);
    assert.equal(other.redactor.redact('<odd canary>'), '<***>');
  });

  it('restores the previous row if the store does not keep a new key', async () => {
    const { vault } = await set();
    let broken = true;
    world.store.garble = (value) => {
      if (!broken) return value;
      broken = false;
      return `${value} `;
    };
    const refused = await vault.set('openai', origin, new Secret('another key'));
    assert.equal(refused.ok ? 'set' : refused.error.kind, 'store');
    const opened = await vault.open('openai', origin);
    assert.equal(opened.ok && opened.value?.secret.reveal(), key);
  });

  it('reports a failure of the store with a redacted message', async () => {
    const { vault } = await set();
    world.store.failure = new Error(`keychain is closed (${key})`);
    const opened = await vault.open('openai', origin);
    assert.deepEqual(opened, {
      ok: false,
      error: { kind: 'store', message: 'Error: keychain is closed (sk-proj-***)' },
    });
  });

  it('refuses every call in a production setup without its master key, even without a provider key', async () => {
    await set();
    const { vault } = world.window({ LLM_ENV: 'production' });
    for (const provider of ['openai', 'ollama']) {
      assert.deepEqual(await vault.open(provider, origin), {
        ok: false,
        error: { kind: 'environmentKeyMissing' },
      });
    }
  });

  it('fires with the provider for changes in any window', async () => {
    const mine = world.window();
    const seen: string[] = [];
    mine.vault.onDidChangeKeys((provider) => seen.push(provider));
    await world.window().vault.set('openai', origin, new Secret(key));
    world.store.changed.fire('callguard.apiKey.openai');
    world.store.changed.fire('somebody.else');
    assert.deepEqual(new Set(seen), new Set(['openai']));
    mine.vault.dispose();
    seen.length = 0;
    world.store.changed.fire('callguard.key.openai');
    assert.deepEqual(seen, []);
  });

  it('fires for a change that could not be audited', async () => {
    const { vault } = world.window();
    const seen: string[] = [];
    vault.onDidChangeKeys((provider) => seen.push(provider));
    // Not every SecretStorage fires for a window's own changes.
    world.store.changed.fire = () => undefined;
    world.audited.failure = new Error('the ledger is locked');
    await assert.rejects(vault.set('openai', origin, new Secret(key)), /locked/);
    assert.deepEqual(seen, ['openai']);
    assert.equal((await vault.state('openai', origin)).kind, 'set');
  });

  it('audits the first opening with the next one if the ledger was locked', async () => {
    await set();
    const { vault } = world.window();
    world.audited.failure = new Error('the ledger is locked');
    await assert.rejects(vault.open('openai', origin), /locked/);
    world.audited.failure = undefined;
    await vault.open('openai', origin);
    assert.deepEqual(
      world.events.map(({ kind }) => kind),
      ['keySet', 'keyOpened'],
    );
  });

  it('reports a locked key even if that cannot be audited yet, and audits it later', async () => {
    await set();
    const { vault } = world.window({ LLM_SECRET_KEY: MasterKey.generate().reveal() });
    world.audited.failure = new Error('the ledger is locked');
    assert.equal((await vault.state('openai', origin)).kind, 'locked');
    assert.equal((await vault.state('openai', origin)).kind, 'locked');
    world.audited.failure = undefined;
    const opened = await vault.open('openai', origin);
    assert.equal(!opened.ok && opened.error.kind, 'locked');
    assert.deepEqual(
      world.events.map(({ kind }) => kind),
      ['keySet', 'keyLocked'],
    );
  });

  it('does not refuse every call because of an unreadable ring file', async () => {
    const { vault } = await set();
    assert.equal(await vault.refusalOfEveryCall(), undefined);
    await fs.writeFile(world.file, 'damaged');
    assert.equal((await vault.masterKeyProblem())?.kind, 'ringFile');
    assert.equal(await vault.refusalOfEveryCall(), undefined);
    const production = world.window({ LLM_ENV: 'production' });
    assert.equal((await production.vault.refusalOfEveryCall())?.kind, 'environmentKeyMissing');
  });

  it('audits set, replaced, first opened, locked, origin confirmed and removed without the key', async () => {
    const { vault } = await set();
    await vault.set('openai', origin, new Secret(`${key}2`));
    await vault.open('openai', origin);
    await vault.open('openai', origin);
    await vault.confirmOrigin('openai', 'https://other.example');
    const locked = world.window({ LLM_SECRET_KEY: MasterKey.generate().reveal() });
    await locked.vault.open('openai', origin);
    await locked.vault.state('openai', origin);
    await vault.remove('openai');
    assert.deepEqual(
      world.events.map(({ kind }) => kind),
      ['keySet', 'keyReplaced', 'keyOpened', 'originConfirmed', 'keyLocked', 'keyRemoved'],
    );
    const confirmed = world.events[3];
    assert.ok(confirmed?.kind === 'originConfirmed');
    const { kid, redactedKey } = confirmed;
    assert.deepEqual(world.events.slice(4), [
      { kind: 'keyLocked', provider: 'openai', kid, redactedKey },
      { kind: 'keyRemoved', provider: 'openai', kid, redactedKey },
    ]);
    assert.ok(!JSON.stringify(world.events).includes('canary'));
  });

  it('audits an imported key as imported, even if it replaces another', async () => {
    const { vault } = world.window();
    await vault.set('openai', origin, new Secret(key), 'import');
    await vault.set('openai', origin, new Secret(`${key}2`), 'import');
    assert.deepEqual(
      world.events.map(({ kind }) => kind),
      ['keyImported', 'keyImported'],
    );
  });

  it('refuses an empty key and an origin in another spelling', async () => {
    const { vault } = world.window();
    await assert.rejects(vault.set('openai', origin, new Secret('')), RangeError);
    await assert.rejects(vault.set('openai', `${origin}/v1`, new Secret(key)), RangeError);
    await assert.rejects(vault.open('openai', `${origin}/v1`), RangeError);
  });
});

describe('describeKeyState and describeVaultRefusal', () => {
  it('returns one word for each state and one action for each refusal', () => {
    const refusals = [
      { kind: 'notSet' },
      { kind: 'lost' },
      { kind: 'locked', kid: '0123456789abcdef' },
      { kind: 'broken', why: () => 'the stored row is damaged' },
      { kind: 'originChanged', approved: origin, wanted: 'https://evil.example' },
      { kind: 'environmentKeyMissing' },
      { kind: 'malformedKey', variable: 'LLM_PREVIOUS_KEYS', position: 2 },
      { kind: 'ringFile', path: '/x/ring.json', problem: 'damaged' },
      { kind: 'store', message: 'closed' },
    ] as const;
    assert.deepEqual(
      refusals.map((refusal) => [describeKeyState(refusal), describeVaultRefusal(refusal).action]),
      [
        ['not set', 'replaceKey'],
        ['lost', 'replaceKey'],
        ['locked', 'unlock'],
        ['broken', 'replaceKey'],
        ['origin changed', 'confirmOrigin'],
        ['no master key', 'setEnvironmentKey'],
        ['no master key', 'setEnvironmentKey'],
        ['no master key', 'restoreRingFile'],
        ['secret storage failed', 'retry'],
      ],
    );
    for (const refusal of refusals) assert.match(describeVaultRefusal(refusal).message, /\w{3}/);
  });
});
