import assert from 'node:assert/strict';
import path from 'node:path';
import { Days } from '../../../src/ledger/days.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { folder, openWindow, type Window } from './ledger-fixture.ts';
import { capOf, completed, request } from './ledger-requests.ts';

const hourMs = 3_600_000;
const cap = 40;

export interface DaysCounted {
  readonly days: number;
  readonly calls: number;
  /** Days on which more got through than the cap of a day allows, or of which the ledger forgot calls. */
  readonly countedTwice: number;
  /** Days of the calendar that nobody could use, though time passed in them. */
  readonly missed: number;
}

/**
 * A month of three windows that use up their cap each day and try on: it holds the change to summer time, a journey
 * to the west and one home, restarts, and a clock that is set back by a day and a half and later corrected.
 */
export async function liveThroughDays(days: number): Promise<DaysCounted> {
  const file = path.join(folder(), 'ledger.db');
  // From 15 March: summer time begins on the 29th in Berlin, and began on the 8th in Los Angeles.
  const clock = new FakeClock(Date.UTC(2026, 2, 15, 6));
  let zone = 'Europe/Berlin';
  const openAll = () => Promise.all([1, 2, 3].map(() => openWindow(file, clock, { zone })));
  let windows: Window[] = await openAll();
  const grantedByDay = new Map<string, number>();
  const calendar = new Set<string>();
  let calls = 0;
  for (let hour = 0; hour < days * 24; hour++) {
    if (hour === 6 * 24 || hour === 20 * 24) {
      zone = hour === 6 * 24 ? 'America/Los_Angeles' : 'Europe/Berlin';
      for (const { store } of windows) store.dispose();
      windows = await openAll();
    }
    if (hour === 10 * 24 + 3) clock.setWall(clock.nowMs() - 36 * hourMs);
    if (hour === 10 * 24 + 9) clock.setWall(clock.nowMs() + 36 * hourMs);
    calendar.add(new Days(zone).dayOf(clock.nowMs()));
    for (const window of windows) calls += await useUp(window, grantedByDay);
    clock.sleepMachine(hourMs);
  }
  const [one] = windows;
  assert.ok(one !== undefined);
  const counted = new Map(one.store.usage.rows('0000', '9999').map((row) => [row.day, row.requests]));
  const wrong = [...grantedByDay].filter(([day, granted]) => granted > cap || counted.get(day) !== granted);
  return {
    days: grantedByDay.size,
    calls,
    countedTwice: wrong.length + Math.abs(counted.size - grantedByDay.size),
    missed: [...calendar].filter((day) => !grantedByDay.has(day)).length,
  };
}

/** Calls until the cap refuses; the first windows of an hour leave something to the others. */
async function useUp(window: Window, grantedByDay: Map<string, number>): Promise<number> {
  for (let granted = 0; granted < 8; granted++) {
    const asked = request({ caps: [capOf('requestsPerDay', cap)] });
    const answer = await window.ledger.admit(asked);
    if (!answer.ok) {
      assert.equal(answer.error.kind, 'cap');
      return granted;
    }
    const { day } = window.store.now();
    grantedByDay.set(day, (grantedByDay.get(day) ?? 0) + 1);
    await window.ledger.settle(answer.value, completed());
  }
  return 8;
}
