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
  /** Days with more calls than the cap allows, with calls that the ledger lost, or that it went back to later. */
  readonly countedTwice: number;
  /** Days of the calendar without any admitted call. */
  readonly missed: number;
}

/**
 * A month of three windows that use up their cap every other day and try on: it holds the change to summer time, a
 * journey to the west and one home, restarts, and a clock that is set back by a day and a half and later corrected.
 * The days between are quiet, so that there would be room for more in a day that is over.
 */
export async function liveThroughDays(days: number): Promise<DaysCounted> {
  const file = path.join(folder(), 'ledger.db');
  // From 15 March: summer time begins on the 29th in Berlin, and began on the 8th in Los Angeles.
  const clock = new FakeClock(Date.UTC(2026, 2, 15, 6));
  let zone = 'Europe/Berlin';
  const openAll = () => Promise.all([1, 2, 3].map(() => openWindow(file, clock, { zone })));
  let windows: Window[] = await openAll();
  const granted: Granted = { byDay: new Map(), goneBackTo: new Set() };
  const calendar = new Set<string>();
  let calls = 0;
  for (let hour = 0; hour < days * 24; hour++) {
    if (hour === 6 * 24 || hour === 20 * 24) {
      zone = hour === 6 * 24 ? 'America/Los_Angeles' : 'Europe/Berlin';
      for (const window of windows) window.dispose();
      windows = await openAll();
    }
    if (hour === 10 * 24 + 3) clock.setWall(clock.nowMs() - 36 * hourMs);
    if (hour === 10 * 24 + 9) clock.setWall(clock.nowMs() + 36 * hourMs);
    const date = new Days(zone).dayOf(clock.nowMs());
    calendar.add(date);
    const isQuiet = Number(date.slice(-2)) % 2 === 0;
    const most = !isQuiet ? 8 : hour % 4 === 0 ? 1 : 0;
    for (const window of windows) calls += await useUp(window, most, granted);
    clock.sleepMachine(hourMs);
  }
  const [one] = windows;
  assert.ok(one !== undefined);
  const counted = new Map(one.store.usage.rows('0000', '9999').map((row) => [row.day, row.requests]));
  const { byDay, goneBackTo } = granted;
  const wrong = [...byDay].filter(([day, calls]) => calls > cap || counted.get(day) !== calls);
  return {
    days: byDay.size,
    calls,
    countedTwice: wrong.length + Math.abs(counted.size - byDay.size) + goneBackTo.size,
    missed: [...calendar].filter((day) => !byDay.has(day)).length,
  };
}

interface Granted {
  readonly byDay: Map<string, number>;
  readonly goneBackTo: Set<string>;
}

/** Calls until the cap refuses. The first windows of an hour leave some calls to the others. */
async function useUp(window: Window, most: number, { byDay, goneBackTo }: Granted): Promise<number> {
  for (let granted = 0; granted < most; granted++) {
    const asked = request({ caps: [capOf('requestsPerDay', cap)] });
    const answer = await window.ledger.admit(asked);
    if (!answer.ok) {
      assert.equal(answer.error.kind, 'cap');
      return granted;
    }
    const { day } = window.store.now();
    if ([...byDay.keys()].some((other) => other > day)) goneBackTo.add(day);
    byDay.set(day, (byDay.get(day) ?? 0) + 1);
    await window.ledger.settle(answer.value, completed());
  }
  return most;
}
