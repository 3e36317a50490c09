import assert from 'node:assert/strict';
import path from 'node:path';
import { noUsage } from '../../../src/guard/usage-tally.ts';
import { openLedger } from '../../../src/ledger/db/open-database.ts';
import { migrations } from '../../../src/ledger/db/schema.ts';
import { unknownProvider } from '../../../src/ledger/sqlite-ledger.ts';
import { applyRetention } from '../../../src/ledger/retention.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { testKeys } from '../../support/open-ledger.ts';
import { admitted, folder, freshWindow, letGoAfterEach, noonMs, openWindow } from './ledger-fixture.ts';
import { completed, failed, recordOf, used } from './ledger-requests.ts';

const dayMs = 86_400_000;

describe('counters of a provider', () => {
  letGoAfterEach();

  function counted(window: Awaited<ReturnType<typeof freshWindow>>, provider = 'acme') {
    return Object.fromEntries(window.store.counters.all().get(provider) ?? []);
  }

  it('adds up the usage, times and retries of calls', async () => {
    const window = await freshWindow();
    for (const totalMs of [400, 1_000, 700_000]) {
      const admission = await admitted(window);
      const record = { ...recordOf(admission), retries: 1, firstContentMs: 100, totalMs };
      await window.ledger.settle(admission, completed(), record);
    }
    assert.deepEqual(counted(window), {
      requests: 3,
      succeeded: 3,
      inputTokens: 240,
      cachedInputTokens: 60,
      outputTokens: 90,
      costMicroUsd: 420,
      retries: 3,
      durationMs: 701_400,
      'duration:0.5': 1,
      'duration:1': 1,
      'duration:+Inf': 1,
      firstContentMs: 300,
      'firstContent:0.1': 3,
    });
  });

  it('counts failures by kind and refusals by reason, without their times', async () => {
    const window = await freshWindow();
    const admission = await admitted(window);
    const record = recordOf(admission);
    await window.ledger.settle(admission, failed({ kind: 'timeout', timer: 'read' }), {
      ...record,
      outcome: 'failed',
      reason: 'timeout',
    });
    await window.ledger.record({ ...record, outcome: 'refused', reason: 'cap' });
    await window.ledger.record({ ...record, outcome: 'refused', reason: 'cap', repeated: true });
    const { failed: failures, 'failure:timeout': timeouts, 'refusal:cap': caps, ...rest } = counted(window);
    assert.deepEqual({ failures, timeouts, caps }, { failures: 1, timeouts: 1, caps: 1 });
    assert.deepEqual(
      Object.keys(rest).filter((name) => name.startsWith('duration')),
      [],
    );
  });

  it('counts a request that could not be built, but not as a failed request', async () => {
    const window = await freshWindow();
    const outcome = { kind: 'unsendable', problem: () => 'no words for it' } as const;
    await window.ledger.settle(await admitted(window), { usage: noUsage, outcome, breakerVerdict: 'none' });
    assert.deepEqual(counted(window), { 'failure:unsendable': 1 });
  });

  it('counts refusals of unknown providers under one name', async () => {
    const window = await freshWindow();
    const record = { ...recordOf(await admitted(window)), outcome: 'refused', reason: 'settings' } as const;
    for (let n = 0; n < 50; n++) await window.ledger.record({ ...record, provider: `made-up-${n}` });
    assert.deepEqual([...window.store.counters.all().keys()], [unknownProvider]);
    assert.deepEqual(counted(window, unknownProvider), { 'refusal:settings': 50 });
  });

  it('never goes down, even if a call used less than was charged while its window was asleep', async () => {
    const window = await freshWindow();
    const slept = await admitted(window);
    window.clock.sleepMachine(3_600_000);
    const other = await admitted(window);
    const whileAsleep = counted(window);
    assert.deepEqual(whileAsleep, { requests: 1, inputTokens: 100, costMicroUsd: 100 });
    await window.ledger.settle(slept, completed(used({ inputTokens: 60, outputTokens: 30 })));
    const { inputTokens, outputTokens, requests } = counted(window);
    assert.deepEqual(
      { inputTokens, outputTokens, requests },
      { inputTokens: 100, outputTokens: 30, requests: 1 },
    );
    await window.ledger.settle(other, completed());
  });

  it('keeps its totals after a restart and after the usage was dropped', async () => {
    const file = path.join(folder(), 'ledger.db');
    const first = await openWindow(file, new FakeClock(noonMs));
    const admission = await admitted(first);
    await first.ledger.settle(admission, completed(), recordOf(admission));
    const before = counted(first);
    first.dispose();
    const later = await openWindow(file, new FakeClock(noonMs + 500 * dayMs));
    await applyRetention(later.tables, later.transactions, { usageDays: 1, auditDays: 1 }, testKeys);
    assert.equal(later.store.usage.rows('2026-01-15', '2026-01-15').length, 0);
    assert.deepEqual(counted(later), before);
  });

  it('starts with the usage of an older ledger', async () => {
    const file = path.join(folder(), 'ledger.db');
    const old = await openLedger(file, new FakeClock(noonMs), migrations.slice(0, 2));
    old.db.exec(`
      INSERT INTO usage (day, provider, model, tenant, requests, input_tokens)
      VALUES ('2025-01', 'acme', 'a', 'x', 3, 10), ('2026-01-14', 'acme', 'b', 'y', 4, 20)`);
    old.db.close();
    const { requests, inputTokens } = counted(await openWindow(file, new FakeClock(noonMs)));
    assert.deepEqual({ requests, inputTokens }, { requests: 7, inputTokens: 30 });
  });

  it('knows how many consecutive failures opened the circuit', async () => {
    const window = await freshWindow();
    for (let n = 0; n < 5; n++) await window.ledger.settle(await admitted(window), failed());
    assert.equal(window.store.counters.failuresInARow('acme'), 5);
    await window.clock.advance(60_000);
    await window.ledger.settle(await admitted(window), failed());
    assert.equal(window.store.counters.failuresInARow('acme'), 6);
  });
});
