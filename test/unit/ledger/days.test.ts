import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Days, isZone, systemZone } from '../../../src/ledger/days.ts';
import { noonZoneAt } from '../../support/noon-zone.ts';

const hourMs = 3_600_000;

/** The hours from the first to the last moment of the day that `insideMs` belongs to. */
function lengthOfDay(zone: string, insideMs: number): { day: string; hours: number } {
  const days = new Days(zone);
  const day = days.dayOf(insideMs);
  const endsMs = days.endOfDay(day, insideMs);
  // From the end of the day before, found from two days earlier.
  let startsMs = insideMs - 48 * hourMs;
  while (days.dayOf(startsMs) < day) startsMs = days.endOfDay(days.dayOf(startsMs), startsMs);
  return { day, hours: (endsMs - startsMs) / hourMs };
}

describe('a calendar day', () => {
  it('is that of its zone, not of UTC', () => {
    const atMs = Date.UTC(2026, 0, 15, 20);
    assert.equal(new Days('UTC').dayOf(atMs), '2026-01-15');
    assert.equal(new Days('Asia/Tokyo').dayOf(atMs), '2026-01-16');
    assert.equal(new Days('America/Los_Angeles').dayOf(atMs), '2026-01-15');
  });

  const lengths: [zone: string, insideMs: number, day: string, hours: number][] = [
    ['Europe/Berlin', Date.UTC(2026, 2, 29, 12), '2026-03-29', 23],
    ['Europe/Berlin', Date.UTC(2026, 9, 25, 12), '2026-10-25', 25],
    ['America/New_York', Date.UTC(2026, 2, 8, 17), '2026-03-08', 23],
    ['America/New_York', Date.UTC(2026, 10, 1, 17), '2026-11-01', 25],
    ['Australia/Lord_Howe', Date.UTC(2026, 3, 5, 3), '2026-04-05', 24.5],
    ['Asia/Kolkata', Date.UTC(2026, 2, 29, 12), '2026-03-29', 24],
  ];
  for (const [zone, insideMs, day, hours] of lengths) {
    it(`lasts ${hours} h on ${day} in ${zone}`, () => {
      assert.deepEqual(lengthOfDay(zone, insideMs), { day, hours });
    });
  }

  it('is missing where a zone skipped it: Apia went from 29 to 31 December 2011', () => {
    const days = new Days('Pacific/Apia');
    const beforeMs = Date.UTC(2011, 11, 30, 9, 59, 59);
    assert.equal(days.dayOf(beforeMs), '2011-12-29');
    const endsMs = days.endOfDay('2011-12-29', beforeMs);
    assert.equal(endsMs, Date.UTC(2011, 11, 30, 10));
    assert.equal(days.dayOf(endsMs), '2011-12-31');
  });

  it('ends at the first millisecond of the next', () => {
    const days = new Days('Europe/Berlin');
    const endsMs = days.endOfDay('2026-01-15', Date.UTC(2026, 0, 15, 12));
    assert.equal(endsMs, Date.UTC(2026, 0, 15, 23));
    assert.equal(days.dayOf(endsMs - 1), '2026-01-15');
    assert.equal(days.dayOf(endsMs), '2026-01-16');
  });

  it('that is still counted while the clock shows an earlier one ends when it really ends', () => {
    const days = new Days('UTC');
    assert.equal(days.endOfDay('2026-01-16', Date.UTC(2026, 0, 15, 12)), Date.UTC(2026, 0, 17));
  });

  it('ends at the same moment whoever asks again, and later for the next one', () => {
    const days = new Days('Europe/Berlin');
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: Date.UTC(2026, 2, 25), max: Date.UTC(2026, 3, 5) })),
        (moments) => {
          for (const atMs of moments) {
            const day = days.dayOf(atMs);
            const fresh = new Days('Europe/Berlin');
            assert.equal(days.endOfDay(day, atMs), fresh.endOfDay(day, atMs));
            assert.equal(days.endOfMonth(day, atMs), fresh.endOfMonth(day, atMs));
          }
        },
      ),
      { numRuns: 50, seed: 1 },
    );
  });

  it('is right whatever was asked before', () => {
    const days = new Days('Europe/Berlin');
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(2020), max: Date.UTC(2030) }), (atMs) => {
        assert.equal(days.dayOf(atMs), new Days('Europe/Berlin').dayOf(atMs));
      }),
      { numRuns: 200, seed: 1 },
    );
  });
});

describe('a month', () => {
  it('ends with its last day, at the end of a year too', () => {
    const days = new Days('America/New_York');
    assert.equal(days.endOfMonth('2026-01-15', Date.UTC(2026, 0, 15, 12)), Date.UTC(2026, 1, 1, 5));
    assert.equal(days.endOfMonth('2026-12-31', Date.UTC(2026, 11, 31, 12)), Date.UTC(2027, 0, 1, 5));
  });
});

describe('a zone', () => {
  it('is known by its IANA name', () => {
    assert.equal(isZone('Europe/Berlin'), true);
    assert.equal(isZone('Middle-earth/Shire'), false);
    assert.equal(isZone(systemZone() ?? 'UTC'), true);
  });
});

describe('the zone in which the tests count', () => {
  it('has the day of UTC, which is half over, whenever they run', () => {
    for (let hour = 0; hour < 24; hour++) {
      const atMs = Date.UTC(2026, 0, 15, hour, 59, 59);
      const days = new Days(noonZoneAt(atMs));
      const shown = [atMs - 12 * hourMs, atMs + 11 * hourMs].map((otherMs) => days.dayOf(otherMs));
      assert.deepEqual(shown, ['2026-01-15', '2026-01-15'], `at ${hour}:59:59`);
    }
  });
});
