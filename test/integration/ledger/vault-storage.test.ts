import assert from 'node:assert/strict';
import path from 'node:path';
import { ledgerManifest, ledgerVaultAudit, ledgerVaultLock } from '../../../src/ledger/vault-storage.ts';
import { systemRandom } from '../../../src/shared/random.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { folder, freshWindow, letGoAfterEach, noonMs, openWindow, type Window } from './ledger-fixture.ts';

describe('ledgerVaultLock', () => {
  letGoAfterEach();

  let clock: FakeClock;
  let windows: Window[];
  let steps: string[];

  beforeEach(async () => {
    clock = new FakeClock(noonMs);
    const file = path.join(folder(), 'ledger.db');
    windows = [await openWindow(file, clock), await openWindow(file, clock)];
    steps = [];
  });

  /** A job of one window. The test ends it. */
  const work = (window: number, name: string) => {
    const store = windows[window]?.store;
    assert.ok(store);
    const end = Promise.withResolvers<undefined>();
    const done = ledgerVaultLock(Promise.resolve(store), clock, systemRandom).hold(async () => {
      steps.push(`${name} begins`);
      await end.promise;
      steps.push(`${name} ends`);
      return name;
    });
    return {
      done,
      end: () => {
        end.resolve(undefined);
      },
    };
  };

  it('runs one job at a time in two windows', async () => {
    const first = work(0, 'first');
    await clock.advance(100);
    const second = work(1, 'second');
    await clock.advance(60_000);
    assert.deepEqual(steps, ['first begins'], 'longer than its lease');
    first.end();
    await clock.advance(1_000);
    second.end();
    await clock.advance(1_000);
    assert.deepEqual(await Promise.all([first.done, second.done]), ['first', 'second']);
    assert.deepEqual(steps, ['first begins', 'first ends', 'second begins', 'second ends']);
  });

  it('is free some seconds after its window died', async () => {
    windows[0]?.tables.locks.take('vault', 'a dead window', noonMs + 10_000, noonMs);
    const next = work(1, 'next');
    await clock.advance(9_000);
    assert.deepEqual(steps, []);
    await clock.advance(2_000);
    assert.deepEqual(steps, ['next begins']);
    next.end();
    await clock.advance(100);
    await next.done;
  });

  it('keeps the lock while the ledger cannot be written for a moment', async () => {
    const [{ transactions } = await freshWindow()] = windows;
    const first = work(0, 'first');
    await clock.advance(100);
    const write = transactions.write.bind(transactions);
    transactions.write = () => Promise.reject(new Error('the disk is full'));
    await clock.advance(3_500);
    transactions.write = write;
    const second = work(1, 'second');
    await clock.advance(30_000);
    assert.deepEqual(steps, ['first begins']);
    first.end();
    await clock.advance(1_000);
    assert.equal(await first.done, 'first');
    second.end();
    await clock.advance(100);
    await second.done;
  });

  it('is free again after a job that failed', async () => {
    const [{ store } = await freshWindow()] = windows;
    const lock = ledgerVaultLock(Promise.resolve(store), clock, systemRandom);
    await assert.rejects(
      lock.hold(() => Promise.reject(new Error('no'))),
      /no/,
    );
    assert.equal(await lock.hold(() => Promise.resolve('next')), 'next');
  });
});

describe('ledgerManifest and ledgerVaultAudit', () => {
  letGoAfterEach();

  const entry = {
    provider: 'acme',
    kid: '0123456789abcdef',
    origin: 'https://api.example.com',
    redactedKey: '*********6789',
    setAtMs: noonMs,
  };

  it('keeps the list of keys that should exist', async () => {
    const { store } = await freshWindow();
    const manifest = ledgerManifest(Promise.resolve(store));
    await manifest.put(entry);
    await manifest.put({ ...entry, kid: 'fedcba9876543210' });
    await manifest.put({ ...entry, provider: 'other' });
    await manifest.remove('other');
    assert.deepEqual(await manifest.all(), [{ ...entry, kid: 'fedcba9876543210' }]);
  });

  for (const [kind, forgets] of [
    ['keySet', true],
    ['keyReplaced', true],
    ['keyImported', true],
    ['keyMigrated', true],
    ['keyOpened', false],
    ['keyRotated', false],
  ] as const) {
    it(`${forgets ? 'forgets' : 'keeps'} the marks and pauses of the key after ${kind}, and writes an audit row`, async () => {
      const { store, tables, transactions } = await freshWindow();
      const marks = { outOfCredit: 'set-up 1', keyRejected: 'set-up 1' };
      await transactions.write(() => {
        tables.providers.put('acme', { ...store.providers.get('acme'), ...marks });
        tables.providers.startRateLimitPause('acme', 'small', noonMs + 3_600_000);
        tables.providers.startRateLimitPause('other', 'small', noonMs + 3_600_000);
      });
      const { provider, kid, redactedKey } = entry;
      await ledgerVaultAudit(Promise.resolve(store)).write({ kind, provider, kid, redactedKey });
      const { outOfCredit, keyRejected } = store.providers.get('acme');
      const expected = forgets ? undefined : 'set-up 1';
      assert.deepEqual([outOfCredit, keyRejected], [expected, expected]);
      const rests = (provider: string) => store.providers.rateLimitPauses(provider, noonMs).size;
      assert.deepEqual([rests('acme'), rests('other')], [forgets ? 0 : 1, 1]);
      assert.match(store.audit.head()?.body ?? '', new RegExp(`"kind":"${kind}","provider":"acme"`));
    });
  }
});
