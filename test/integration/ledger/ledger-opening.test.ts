import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { createMemorySecrets } from '../../../src/headless/memory-secrets.ts';
import { deferLedger } from '../../../src/ledger/deferred-ledger.ts';
import { LedgerOpening } from '../../../src/ledger/ledger-opening.ts';
import { defaultLedgerSettings } from '../../../src/ledger/ledger-settings.ts';
import { KeyRing } from '../../../src/vault/key-ring.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { folder, letGoAfterEach, noonMs } from './ledger-fixture.ts';
import { request } from './ledger-requests.ts';

/** A window whose ledger is in a folder that cannot be made, as a file has its name. */
function blockedWindow() {
  const home = folder();
  const blocked = path.join(home, 'ledger');
  writeFileSync(blocked, '');
  const clock = new FakeClock(noonMs);
  const logged: string[] = [];
  const log = (text: string) => {
    logged.push(text);
  };
  const opening = new LedgerOpening({
    file: path.join(blocked, 'callguard.db'),
    anchorFile: path.join(home, 'audit-anchor.json'),
    ring: new KeyRing({ file: path.join(home, 'ring.json'), env: {}, requireEnvironmentKey: () => false }),
    secrets: createMemorySecrets(),
    settings: { current: { timeZone: 'UTC', ledger: defaultLedgerSettings } },
    clock,
    random: { next: () => 0.5 },
    log: { info: log, warn: log, error: log, clean: (text) => text },
  });
  /** Lets attempts fail until one of them starts after this long. */
  const pass = async (ms: number) => {
    const before = opening.latest;
    await assert.rejects(before);
    await clock.advance(ms);
  };
  return {
    opening,
    clock,
    logged,
    pass,
    unblock: () => {
      rmSync(blocked);
    },
  };
}

describe('A ledger that cannot be opened at start', () => {
  letGoAfterEach();

  it('refuses calls with the reason, and admits them once a later attempt opens it', async () => {
    const { opening, pass, unblock, logged } = blockedWindow();
    const ledger = deferLedger(opening.map((started) => started.ledger));
    const refused = await ledger.admit(request());
    assert.ok(!refused.ok && refused.error.kind === 'ledger');
    unblock();
    await pass(1_000);
    const started = await opening.opened;
    assert.equal((await ledger.admit(request())).ok, true);
    assert.deepEqual(logged, [
      'The ledger cannot be used, so every call is refused.',
      'The ledger can be used again.',
    ]);
    started.dispose();
  });

  it('is tried at growing intervals, and logged once for each reason', async () => {
    const { opening, pass, unblock, logged } = blockedWindow();
    const attempts = new Set([opening.latest]);
    for (const ms of [1_000, 2_000, 4_000, 8_000, 15_000, 15_000]) {
      await pass(ms - 1);
      assert.ok(attempts.has(opening.latest), `tried again before ${ms} ms`);
      await pass(1);
      assert.ok(!attempts.has(opening.latest), `not tried again after ${ms} ms`);
      attempts.add(opening.latest);
    }
    await assert.rejects(opening.latest);
    assert.equal(logged.length, 1);
    unblock();
    await pass(15_000);
    (await opening.opened).dispose();
  });

  it('builds what stands on it once, however often it is asked for', async () => {
    const { opening, pass, unblock } = blockedWindow();
    let built = 0;
    const reader = opening.map(({ store }) => {
      built += 1;
      return store;
    });
    await assert.rejects(async () => reader);
    unblock();
    await pass(1_000);
    const started = await opening.opened;
    assert.deepEqual([await reader, await reader, built], [started.store, started.store, 1]);
    started.dispose();
  });

  it('is not tried again after the window closed', async () => {
    const { opening, clock, pass } = blockedWindow();
    const { latest } = opening;
    await assert.rejects(latest);
    opening.dispose();
    await pass(60_000);
    await setImmediate();
    assert.equal(opening.latest, latest);
    assert.equal(clock.pendingTimers, 0);
  });
});
