import { isoFormat, type Days } from '../../ledger/days.ts';
import type { Moment } from '../../ledger/readers.ts';
import type { UsageView } from './query.ts';

/** An interval that is counted on its own: an hour, or a day of the ledger's zone. */
export interface Bucket {
  /** '2026-11-23' or '2026-11-23T14:00', in the ledger's zone. */
  readonly label: string;
  readonly fromMs: number;
  /** Not included. */
  readonly toMs: number;
}

const daysOfRange = { '7d': 7, '30d': 30, '90d': 90 } as const;
const dayMs = 86_400_000;
const hourMs = 3_600_000;
const minuteMs = 60_000;
const hoursOfDay = 24;

/** The buckets of a range, the oldest first. The last one is still open. */
export function bucketsOf(range: UsageView['range'], moment: Moment, days: Days): Bucket[] {
  if (range === '24h') return hoursUntil(moment.nowMs, days.zone);
  const labels = Array.from({ length: daysOfRange[range] }, (_, ago) => dayBefore(moment.day, ago)).reverse();
  // A zone can skip a whole day.
  return labels.map((label) => dayBucket(label, days)).filter(({ fromMs, toMs }) => fromMs < toMs);
}

/** From the first to the last millisecond of a day. A day may have 23, 24 or 25 hours. */
export function dayBucket(day: string, days: Days): Bucket {
  return { label: day, fromMs: days.startOfDay(day), toMs: days.startOfDay(dayBefore(day, -1)) };
}

/** Calendar arithmetic. Here every day has 24 hours. */
function dayBefore(day: string, days: number): string {
  return new Date(Date.parse(day) - days * dayMs).toISOString().slice(0, day.length);
}

/** The current hour of the zone's clock and the hours before it. Each has 60 minutes, even when clocks change. */
function hoursUntil(nowMs: number, zone: string): Bucket[] {
  const clock = isoFormat(zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const label = (atMs: number) => clock.format(atMs).replace(', ', 'T');
  // Some zones are half an hour off.
  const minute = Number(label(nowMs).slice(-2));
  const startMs = Math.floor(nowMs / minuteMs) * minuteMs - minute * minuteMs;
  return Array.from({ length: hoursOfDay }, (_, at) => {
    const fromMs = startMs - (hoursOfDay - 1 - at) * hourMs;
    return { label: label(fromMs), fromMs, toMs: fromMs + hourMs };
  });
}
