import assert from 'node:assert/strict';
import { Days } from '../../../../src/ledger/days.ts';
import { bucketsOf, dayBucket } from '../../../../src/observe/usage-report/buckets.ts';

const hourMs = 3_600_000;

function bucketsAt(range: '24h' | '7d' | '30d' | '90d', nowMs: number, zone: string) {
  const days = new Days(zone);
  return bucketsOf(range, { nowMs, day: days.dayOf(nowMs) }, days);
}

describe('bucketsOf', () => {
  for (const [range, count] of [
    ['7d', 7],
    ['30d', 30],
    ['90d', 90],
  ] as const) {
    it(`returns the last ${count} calendar days for ${range}, without a gap, the last one open`, () => {
      const nowMs = Date.UTC(2026, 10, 5, 15);
      // Clocks change within all three ranges.
      const buckets = bucketsAt(range, nowMs, 'America/New_York');
      assert.equal(buckets.length, count);
      assert.equal(buckets.at(-1)?.label, '2026-11-05');
      assert.ok((buckets.at(-1)?.fromMs ?? Infinity) <= nowMs && nowMs < (buckets.at(-1)?.toMs ?? 0));
      for (const [at, bucket] of buckets.slice(1).entries()) assert.equal(bucket.fromMs, buckets[at]?.toMs);
      const lengths = new Map(buckets.map(({ label, fromMs, toMs }) => [label, (toMs - fromMs) / hourMs]));
      assert.equal(lengths.get('2026-11-01'), 25);
      assert.equal(lengths.get('2026-11-02'), 24);
    });
  }

  it('returns a day of 23 hours when clocks go forward', () => {
    const buckets = bucketsAt('7d', Date.UTC(2026, 2, 30, 12), 'Europe/Berlin');
    const day = buckets.find(({ label }) => label === '2026-03-29');
    assert.equal(day?.fromMs, Date.UTC(2026, 2, 28, 23));
    assert.equal(day.toMs, Date.UTC(2026, 2, 29, 22));
  });

  it('leaves out a day that the zone skipped', () => {
    const labels = bucketsAt('7d', Date.UTC(2012, 0, 2, 12), 'Pacific/Apia').map(({ label }) => label);
    assert.deepEqual(labels.slice(-4), ['2011-12-31', '2012-01-01', '2012-01-02', '2012-01-03']);
    assert.ok(!labels.includes('2011-12-30'));
  });

  it("ends with the ledger's day, even if the clock is behind it", () => {
    const days = new Days('UTC');
    const buckets = bucketsOf('7d', { nowMs: Date.UTC(2026, 0, 15, 12), day: '2026-01-16' }, days);
    assert.equal(buckets.at(-1)?.label, '2026-01-16');
  });

  it('returns the last 24 hours of the clock for 24h', () => {
    const buckets = bucketsAt('24h', Date.UTC(2026, 0, 15, 12, 34, 56, 789), 'Asia/Kolkata');
    assert.equal(buckets.length, 24);
    assert.deepEqual(buckets.at(-1), {
      label: '2026-01-15T18:00',
      fromMs: Date.UTC(2026, 0, 15, 12, 30),
      toMs: Date.UTC(2026, 0, 15, 13, 30),
    });
    assert.equal(buckets[0]?.label, '2026-01-14T19:00');
  });

  it("repeats one hour's name and leaves out another when clocks change", () => {
    const labelsAt = (nowMs: number) =>
      bucketsAt('24h', nowMs, 'Europe/Berlin').map(({ label }) => label.slice(-5));
    const autumn = labelsAt(Date.UTC(2026, 9, 25, 12));
    assert.equal(autumn.filter((label) => label === '02:00').length, 2);
    const spring = labelsAt(Date.UTC(2026, 2, 29, 12));
    assert.ok(spring.includes('01:00') && !spring.includes('02:00') && spring.includes('03:00'));
  });
});

describe('dayBucket', () => {
  it('lasts from the first to the last millisecond of the day', () => {
    const days = new Days('Europe/Berlin');
    const { fromMs, toMs } = dayBucket('2026-10-25', days);
    assert.deepEqual([days.dayOf(fromMs - 1), days.dayOf(fromMs)], ['2026-10-24', '2026-10-25']);
    assert.deepEqual([days.dayOf(toMs - 1), days.dayOf(toMs)], ['2026-10-25', '2026-10-26']);
  });
});
