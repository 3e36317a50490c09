import assert from 'node:assert/strict';
import { applyRetention } from '../../../src/ledger/retention.ts';
import { CallRows } from '../../../src/ledger/tables/call-rows.ts';
import { bodyOf } from '../../../src/observe/audit-text.ts';
import { testKeys } from '../../support/open-ledger.ts';
import { keptWindow, newMachine, until, type Kept } from './kept-window.ts';
import { admitted, letGoAfterEach, noonMs, refused, totals } from './ledger-fixture.ts';
import { capOf, completed, failed, pauseFor, recordOf } from './ledger-requests.ts';

const dayMs = 86_400_000;
/** Less than rows are kept. */
const aheadMs = 59 * dayMs;
const today = '2026-01-15';

/** Lets time pass in steps, as each look at the clock is work on the ledger. */
async function pass(machine: ReturnType<typeof newMachine>, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 30_000) await machine.clock.advance(Math.min(left, 30_000));
}

function returnsOf({ store }: Kept): unknown[] {
  return store.audit.latest('clock', 10).map(bodyOf);
}

async function call(window: Kept, changes = {}): Promise<void> {
  const admission = await admitted(window, changes);
  await window.ledger.settle(admission, completed(), recordOf(admission));
}

describe('A clock that jumped ahead and came back', () => {
  letGoAfterEach();

  /** A window that made a call while the clock was ahead. */
  async function ahead() {
    const machine = newMachine();
    const window = await keptWindow(machine);
    await call(window);
    machine.clock.setWall(noonMs + aheadMs);
    await call(window);
    machine.clock.setWall(noonMs);
    return { machine, window };
  }

  it('is followed by the day of the ledger after ten steady minutes, with an audit row', async () => {
    const { machine, window } = await ahead();
    await pass(machine, 600_000);
    assert.equal(window.store.now().day, '2026-03-15');
    assert.deepEqual(returnsOf(window), []);
    await pass(machine, 60_000);
    await until(() => returnsOf(window).length > 0);
    const { nowMs, day } = window.store.now();
    assert.deepEqual([day, nowMs], [today, machine.clock.nowMs()]);
    const [step] = returnsOf(window) as { fromMs: number; toMs: number }[];
    assert.ok(step !== undefined && step.fromMs - step.toMs > aheadMs - 1_000);
    assert.deepEqual([window.trouble, await window.faults()], [[], []]);
    window.close();
  });

  it('counts the calls of each day where they were made', async () => {
    const { machine, window } = await ahead();
    await pass(machine, 700_000);
    await until(() => returnsOf(window).length > 0);
    await call(window);
    assert.equal(totals(window, today).requests, 2);
    assert.equal(totals(window, '2026-03-15').requests, 1);
    assert.equal((await refused(window, { caps: [capOf('requestsPerDay', 2)] })).kind, 'cap');
    await admitted(window, { caps: [capOf('requestsPerDay', 3)] });
    window.close();
  });

  it('is not followed while it jumps about, or while the machine sleeps', async () => {
    const { machine, window } = await ahead();
    for (let n = 0; n < 4; n++) {
      await pass(machine, 540_000);
      if (n % 2 === 0) machine.clock.setWall(noonMs + n * 3_600_000);
      else machine.clock.sleepMachine(3_600_000);
    }
    await pass(machine, 540_000);
    assert.deepEqual(returnsOf(window), []);
    window.close();
  });

  it('is not followed for less than a minute', async () => {
    const machine = newMachine();
    const window = await keptWindow(machine);
    await call(window);
    machine.clock.setWall(noonMs - 59_000);
    await pass(machine, 1_200_000);
    assert.deepEqual(returnsOf(window), []);
    window.close();
  });

  it('reopens no spent day if it was only set back', async () => {
    const machine = newMachine();
    const window = await keptWindow(machine);
    const caps = [capOf('requestsPerDay', 1)];
    await call(window, { caps });
    machine.clock.sleepMachine(dayMs);
    await call(window, { caps });
    machine.clock.setWall(noonMs);
    await pass(machine, 700_000);
    await until(() => returnsOf(window).length > 0);
    assert.equal(window.store.now().day, today);
    assert.equal((await refused(window, { caps })).kind, 'cap');
    window.close();
  });

  it('is followed once by two windows, and neither of them brings the later time back', async () => {
    const { machine, window } = await ahead();
    const other = await keptWindow(machine);
    await pass(machine, 700_000);
    await until(() => returnsOf(window).length > 0);
    await call(other);
    await call(window);
    await pass(machine, 700_000);
    assert.equal(returnsOf(window).length, 1);
    assert.equal(other.store.now().nowMs, machine.clock.nowMs());
    assert.equal(totals(other, today).requests, 3);
    window.close();
    other.close();
  });

  it('is followed by a window that was opened after it came back', async () => {
    const { machine, window } = await ahead();
    window.close();
    const later = await keptWindow(machine);
    assert.equal(later.store.now().day, '2026-03-15');
    await pass(machine, 700_000);
    await until(() => returnsOf(later).length > 0);
    assert.equal(later.store.now().day, today);
    later.close();
  });

  it('leaves what was still to come as far ahead as it was', async () => {
    const { machine, window } = await ahead();
    const circuit = { failures: 1, cooldownMs: 900_000, maxCooldownMs: 900_000, leaseMs: 900_000 };
    const paused = { provider: 'beta', model: 'small' };
    await window.ledger.settle(await admitted(window, { circuit }), failed());
    await window.ledger.apply(await admitted(window, { target: paused }), pauseFor(900_000));
    const beforeMs = window.store.now().nowMs;
    await pass(machine, 700_000);
    await until(() => returnsOf(window).length > 0);
    const passedMs = machine.clock.nowMs() - noonMs;
    const leftMs = (atMs: number | undefined) => (atMs ?? 0) - machine.clock.nowMs();
    const state = window.store.providers.get('acme').circuit;
    assert.ok(state.kind === 'open');
    const pauses = window.store.providers.rateLimitPauses('beta', machine.clock.nowMs());
    assert.ok(beforeMs >= noonMs + aheadMs);
    for (const left of [leftMs(state.untilMs), leftMs(pauses.get('small'))])
      assert.ok(Math.abs(left - (900_000 - passedMs)) < 2_000, String(left));
    assert.equal((await refused(window, { target: paused })).kind, 'rest');
    window.close();
  });

  it('lets the holds of a window that died expire, and settles the others once', async () => {
    const { machine, window } = await ahead();
    await admitted(window);
    const living = await admitted(window);
    await pass(machine, 300_000);
    await window.ledger.renew(living);
    await pass(machine, 400_000);
    await until(() => returnsOf(window).length > 0);
    await window.ledger.settle(living, completed());
    await admitted(window, { target: { provider: 'beta', model: 'small' } });
    const { requests, heldRequests } = window.store.usage.totals('0000', '9999', { provider: 'acme' });
    // Two calls before, the dead window's input, and the one that was renewed.
    assert.deepEqual([requests, heldRequests], [4, 0]);
    window.close();
  });

  it('counts the calls of the last minute in full', async () => {
    const { machine, window } = await ahead();
    await pass(machine, 600_000);
    await call(window);
    await pass(machine, 30_000);
    await until(() => returnsOf(window).length > 0);
    assert.equal((await refused(window, { caps: [capOf('requestsPerMinute', 1)] })).kind, 'cap');
    await machine.clock.advance(60_000);
    await admitted(window, { caps: [capOf('requestsPerMinute', 1)] });
    window.close();
  });

  it('leaves every call of today in the report by hours', async () => {
    const { machine, window } = await ahead();
    await pass(machine, 700_000);
    await until(() => returnsOf(window).length > 0);
    for (let n = 0; n < 5; n++) await call(window);
    const dayStart = Date.UTC(2026, 0, 15);
    const hours = new CallRows(window.db).byHour(dayStart, dayStart + dayMs, {});
    assert.equal(
      hours.reduce((sum, { requests }) => sum + requests, 0),
      6,
    );
    window.close();
  });

  it('does not keep old rows for ever', async () => {
    const { machine, window } = await ahead();
    await pass(machine, 700_000);
    await until(() => returnsOf(window).length > 0);
    machine.clock.sleepMachine(100 * dayMs);
    await call(window);
    const { tables, transactions, store } = window;
    await applyRetention(tables, transactions, { usageDays: 90, auditDays: 90 }, testKeys);
    const [first] = store.audit.after(0, 1);
    assert.ok(first !== undefined && first.kind === 'checkpoint');
    assert.ok(first.seq >= (store.audit.latest('clock', 1)[0]?.seq ?? first.seq));
    assert.deepEqual(await window.faults(), []);
    window.close();
  });
});
