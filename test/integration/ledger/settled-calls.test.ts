import assert from 'node:assert/strict';
import path from 'node:path';
import { FakeClock } from '../../support/fake-clock.ts';
import {
  admitted,
  folder,
  freshWindow,
  letGoAfterEach,
  noonMs,
  openWindow,
  totals,
  type Window,
} from './ledger-fixture.ts';
import { capOf, completed, failed, recordOf } from './ledger-requests.ts';

const today = '2026-01-15';

function addToSums({ tables, transactions }: Window): Promise<void> {
  return transactions.write(({ nowMs }) => {
    tables.settledCalls.addToSums(nowMs);
  });
}

const countOf = ({ db }: Window, table: string, where = 'true') =>
  Number(db.prepare(`SELECT count(*) AS n FROM ${table} WHERE ${where}`).get()?.['n']);

/** Everything that a reader learns of calls. */
function shown(window: Window) {
  const { admissions, counters, providers, usage } = window.tables;
  const { nowMs } = window.store.now();
  return {
    totals: totals(window),
    rows: usage.rows('0000', '9999'),
    span: usage.span(),
    sources: usage.bySource(today, today),
    tenants: usage.byTenant(today),
    days: usage.byDay([today], { provider: 'acme' }),
    counters: counters.all(),
    known: ['acme', 'beta', 'zeta'].map((id) => counters.knows(id)),
    lastOk: ['acme', 'beta'].map((id) => providers.lastOkMs(id)),
    minute: admissions.since(nowMs - 60_000, { provider: 'acme' }),
    atOnce: admissions.callsAtOnce({}),
  };
}

describe('SettledCalls', () => {
  letGoAfterEach();

  it('shows readers the same figures before and after it adds the calls', async () => {
    const window = await freshWindow();
    const old = await admitted(window);
    window.clock.sleepMachine(70_000);
    const targets = [
      { provider: 'acme', model: 'small' },
      { provider: 'acme', model: 'large' },
      { provider: 'beta', model: 'large' },
    ];
    for (const tenant of ['default', 'work']) {
      for (const target of targets) {
        const admission = await admitted(window, { target, tenant });
        window.clock.sleepMachine(7);
        await window.ledger.settle(admission, completed(), recordOf(admission));
        await window.ledger.settle(await admitted(window, { target, tenant }), failed());
      }
    }
    await window.ledger.settle(old, completed());
    await admitted(window);
    const before = shown(window);
    assert.equal(before.totals.requests, 13);
    await addToSums(window);
    assert.equal(countOf(window, 'admission', "state = 'settled'"), 0);
    assert.deepEqual(shown(window), before);
  });

  it('adds the calls before there are many of them', async () => {
    const window = await freshWindow();
    for (let n = 0; n < 200; n++) {
      await window.ledger.settle(await admitted(window), completed());
      assert.ok(countOf(window, 'admission') < 64);
    }
    assert.equal(totals(window).requests, 200);
    assert.equal(window.store.counters.all().get('acme')?.get('requests'), 200);
  });

  it('counts calls for their minute after it added them, and no longer', async () => {
    const window = await freshWindow();
    const used = () =>
      window.store.capUse(window.store.now())(capOf('tokensPerMinute', 1, { provider: 'acme' })).used;
    await window.ledger.settle(await admitted(window), completed());
    window.clock.sleepMachine(20_000);
    await window.ledger.settle(await admitted(window), completed());
    await addToSums(window);
    assert.equal(used(), 220);
    window.clock.sleepMachine(40_000);
    assert.equal(used(), 110);
    window.clock.sleepMachine(20_000);
    assert.equal(used(), 0);
    await addToSums(window);
    assert.equal(countOf(window, 'recent_use'), 0);
  });

  it('ignores the owner of a dropped call whose number belongs to another call now', async () => {
    const window = await freshWindow();
    const slept = await admitted(window);
    window.clock.sleepMachine(31 * 86_400_000);
    await window.ledger.settle(await admitted(window), completed());
    await addToSums(window);
    assert.equal(countOf(window, 'admission'), 0);
    const other = await admitted(window);
    const [number] = slept.holdId.split('/');
    assert.equal(other.holdId.split('/')[0], number);
    const before = shown(window);
    await window.ledger.settle(slept, completed());
    assert.deepEqual(shown(window), before);
    await window.ledger.settle(other, completed());
    assert.equal(totals(window).requests, 3);
  });

  it('counts each call once while another window adds calls', async () => {
    const file = path.join(folder(), 'ledger.db');
    const clock = new FakeClock(noonMs);
    const [one, two] = [await openWindow(file, clock), await openWindow(file, clock)];
    for (let n = 0; n < 90; n++) {
      const window = n % 2 === 0 ? one : two;
      await window.ledger.settle(await admitted(window), completed());
      if (n % 7 === 0) await addToSums(n % 3 === 0 ? one : two);
      assert.deepEqual([totals(one).requests, totals(two).requests], [n + 1, n + 1]);
    }
  });
});
