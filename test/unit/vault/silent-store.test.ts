import assert from 'node:assert/strict';
import { createRedactor } from '../../../src/redaction/redact.ts';
import { Emitter } from '../../../src/shared/emitter.ts';
import { ok } from '../../../src/shared/result.ts';
import { Secret } from '../../../src/shared/secret.ts';
import { KeyRing } from '../../../src/vault/key-ring.ts';
import { MasterKey } from '../../../src/vault/master-key.ts';
import { rowName } from '../../../src/vault/row-name.ts';
import type { SecretStore, VaultLock } from '../../../src/vault/vault-ports.ts';
import { describeKeyState, describeVaultRefusal } from '../../../src/vault/vault-refusal.ts';
import { Vault } from '../../../src/vault/vault.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { memoryManifest } from './harness.ts';

const origin = 'https://host.example';
const silent = { ok: false, error: { kind: 'storeSilent' } } as const;

type Operation = 'get' | 'set' | 'delete' | 'keys';

/** SecretStorage that answers nothing about the names in `silentFor`, until `answer` is called. */
class SilentStore implements SecretStore {
  readonly rows = new Map<string, string>();
  readonly asked: string[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #changed = new Emitter<string>();
  readonly onDidChange = this.#changed.event;
  isSilent: (operation: Operation, name: string) => boolean = () => false;

  get = (name: string) => this.#done('get', name, () => this.rows.get(name));
  set = (name: string, value: string) => this.#done('set', name, () => void this.rows.set(name, value));
  delete = (name: string) => this.#done('delete', name, () => void this.rows.delete(name));
  keys = () => this.#done('keys', '', () => [...this.rows.keys()]);

  answer(): void {
    this.isSilent = () => false;
    for (const go of this.#waiting.splice(0)) go();
  }

  async #done<T>(operation: Operation, name: string, work: () => T): Promise<T> {
    this.asked.push(`${operation} ${name}`);
    if (this.isSilent(operation, name)) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
    return work();
  }
}

describe('Vault with a secret storage that does not answer', () => {
  let store: SilentStore;
  let clock: FakeClock;
  let vault: Vault;
  let holders: number;
  let fellSilent: number;
  let answered: number;
  let changes: string[];

  beforeEach(async () => {
    store = new SilentStore();
    clock = new FakeClock();
    holders = 0;
    fellSilent = 0;
    answered = 0;
    changes = [];
    let last: Promise<unknown> = Promise.resolve();
    const lock: VaultLock = {
      hold: (work) => {
        const mine = last.then(async () => {
          holders += 1;
          try {
            return await work();
          } finally {
            holders -= 1;
          }
        });
        last = mine.catch((error: unknown) => error);
        return mine;
      },
    };
    const env = { LLM_SECRET_KEY: MasterKey.generate().reveal() };
    vault = new Vault({
      store,
      lock,
      clock,
      manifest: memoryManifest(),
      audit: { write: () => Promise.resolve() },
      ring: new KeyRing({ file: '/nowhere/ring.json', env, requireEnvironmentKey: () => false }),
      redactor: createRedactor(),
    });
    vault.onDidChangeSilence((isSilent) => {
      if (isSilent) fellSilent += 1;
      else answered += 1;
    });
    for (const provider of ['a', 'b', 'c']) assert.ok((await set(provider)).ok);
    vault.onDidChangeKeys((provider) => changes.push(provider));
  });
  afterEach(() => {
    vault.dispose();
  });

  const set = (provider: string) => vault.set(provider, origin, new Secret(`key of ${provider}`));

  /** The result, once `ms` have passed on the clock. */
  async function after<T>(ms: number, work: Promise<T>): Promise<T> {
    let done = false;
    void work.then(() => {
      done = true;
    });
    await clock.advance(ms - 1);
    assert.equal(done, false, `after ${ms - 1} ms`);
    await clock.advance(1);
    return await work;
  }

  it('gives up a read after 5 s, and says that secret storage does not answer', async () => {
    store.isSilent = (operation) => operation === 'get';
    assert.deepEqual(await after(5_000, vault.open('a', origin)), silent);
    assert.deepEqual(await vault.state('a', origin), { kind: 'storeSilent' });
    assert.equal(describeKeyState({ kind: 'storeSilent' }), 'secret storage does not answer');
    assert.match(describeVaultRefusal({ kind: 'storeSilent' }).message, /does not answer/);
  });

  for (const [what, run, operation] of [
    ['a read before a new key', () => set('a'), 'get'],
    ['a write', () => set('a'), 'set'],
    ['a removal', () => vault.remove('a'), 'delete'],
    ['a read before a removal', () => vault.remove('a'), 'get'],
    ['a confirmed address', () => vault.confirmOrigin('a', 'https://other.example'), 'set'],
    ['the list of rows at start', () => vault.sealAgain(), 'keys'],
    ['a row at start', () => vault.sealAgain(), 'get'],
    [
      'the list of rows of a migration',
      () => vault.migrate({ bindingOf: () => undefined, confirmOrigin: () => Promise.resolve(true) }),
      'keys',
    ],
  ] as const) {
    it(`gives up ${what} after 5 s and releases the lock`, async () => {
      store.isSilent = (asked) => asked === operation;
      assert.deepEqual(await after<unknown>(5_000, run()), silent);
      assert.equal(holders, 0);
      // The former key is put back in the background.
      await clock.advance(1_000);
      assert.equal(clock.pendingTimers, 0);
    });
  }

  it('gives up a migration at the first row that is not answered', async () => {
    for (const provider of ['x', 'y', 'z']) store.rows.set(`callguard.apiKey.${provider}`, 'old');
    store.isSilent = (operation) => operation === 'get';
    const binding = { origin, from: 'catalogue' } as const;
    const migrating = vault.migrate({
      bindingOf: () => binding,
      confirmOrigin: () => Promise.resolve(true),
    });
    assert.deepEqual(await after(5_000, migrating), silent);
  });

  it('lets keys of other providers be used and set', async () => {
    store.isSilent = (_, name) => name === rowName('a');
    assert.deepEqual(await after(5_000, set('a')), silent);
    assert.ok((await set('b')).ok);
    const opened = await vault.open('b', origin);
    assert.equal(opened.ok && opened.value?.secret.reveal(), 'key of b');
  });

  it('does not wait again for the same row, and only shortly for others', async () => {
    store.isSilent = (operation) => operation === 'get';
    await after(5_000, vault.open('a', origin));
    const asked = store.asked.length;
    for (let call = 0; call < 5; call += 1) assert.deepEqual(await vault.open('a', origin), silent);
    assert.equal(store.asked.length, asked);
    assert.deepEqual(await after(1_000, vault.open('b', origin)), silent);
  });

  it('asks for the row again after a while', async () => {
    store.isSilent = (operation) => operation === 'get';
    await after(5_000, vault.open('a', origin));
    store.isSilent = () => false;
    await clock.advance(30_000);
    const opened = await vault.open('a', origin);
    assert.equal(opened.ok && opened.value?.secret.reveal(), 'key of a');
  });

  it('fires once while it is silent, and again after it has answered', async () => {
    store.isSilent = (operation) => operation === 'get';
    const opening = Promise.all(['a', 'b', 'c'].map((provider) => vault.open(provider, origin)));
    await after(5_000, opening);
    await vault.open('a', origin);
    assert.deepEqual([fellSilent, answered], [1, 0]);
    store.answer();
    await clock.advance(0);
    assert.deepEqual([fellSilent, answered], [1, 1]);
    store.isSilent = (operation) => operation === 'get';
    await after(5_000, vault.open('a', origin));
    assert.equal(fellSilent, 2);
  });

  it('opens the key once the storage answers, and fires for it', async () => {
    store.isSilent = (operation) => operation === 'get';
    await after(5_000, vault.open('a', origin));
    changes.length = 0;
    store.answer();
    await clock.advance(0);
    assert.deepEqual(changes, ['a']);
    assert.deepEqual((await vault.state('a', origin)).kind, 'set');
  });

  it('puts the former key back behind a write that is late', async () => {
    store.isSilent = (operation) => operation === 'set';
    const writing = vault.set('a', origin, new Secret('another key'));
    assert.deepEqual(await after(5_000, writing), silent);
    store.answer();
    await clock.advance(0);
    const opened = await vault.open('a', origin);
    assert.equal(opened.ok && opened.value?.secret.reveal(), 'key of a');
  });

  it('does not time a storage that answers', async () => {
    assert.deepEqual(ok(undefined), await vault.remove('b'));
    assert.equal(clock.pendingTimers, 0);
  });
});
