import assert from 'node:assert/strict';
import { mock } from 'node:test';
import fc from 'fast-check';
import { Days, isZone, systemZone } from '../../../src/ledger/days.ts';
import { noonZoneAt } from '../../support/noon-zone.ts';

const hourMs = 3_600_000;

/** The length in hours of the day that contains `insideMs`. */
function lengthOfDay(zone: string, insideMs: number): { day: string; hours: number } {
  const days = new Days(zone);
  const day = days.dayOf(insideMs);
  const endsMs = days.endOfDay(day, insideMs);
  // The day starts at the end of the day before, which is searched from two days earlier.
  let startsMs = insideMs - 48 * hourMs;
  while (days.dayOf(startsMs) < day) startsMs = days.endOfDay(days.dayOf(startsMs), startsMs);
  return { day, hours: (endsMs - startsMs) / hourMs };
}

describe('systemZone', () => {
  afterEach(() => {
    mock.restoreAll();
  });

  for (const [what, zone] of [
    ['no zone', undefined],
    ['a zone that it does not take itself', 'Etc/Unknown'],
  ]) {
    it(`is undefined where Intl has ${what}`, () => {
      mock.method(Intl.DateTimeFormat.prototype, 'resolvedOptions', () => ({ timeZone: zone }));
      assert.equal(systemZone(), undefined);
    });
  }

  it('is undefined where Intl throws for the zone of the machine', () => {
    mock.method(Intl, 'DateTimeFormat', function () {
      throw new RangeError('Unsupported time zone specified undefined');
    });
    assert.equal(systemZone(), undefined);
  });
});

describe('Days', () => {
  it('gives the day of its zone, not of UTC', () => {
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
    it(`gives ${day} in ${zone} a length of ${hours} h`, () => {
      assert.deepEqual(lengthOfDay(zone, insideMs), { day, hours });
    });
  }

  it('skips a day that its zone skipped: Apia went from 29 to 31 December 2011', () => {
    const days = new Days('Pacific/Apia');
    const beforeMs = Date.UTC(2011, 11, 30, 9, 59, 59);
    assert.equal(days.dayOf(beforeMs), '2011-12-29');
    const endsMs = days.endOfDay('2011-12-29', beforeMs);
    assert.equal(endsMs, Date.UTC(2011, 11, 30, 10));
    assert.equal(days.dayOf(endsMs), '2011-12-31');
  });

  it('ends a day at the first millisecond of the next day', () => {
    const days = new Days('Europe/Berlin');
    const endsMs = days.endOfDay('2026-01-15', Date.UTC(2026, 0, 15, 12));
    assert.equal(endsMs, Date.UTC(2026, 0, 15, 23));
    assert.equal(days.dayOf(endsMs - 1), '2026-01-15');
    assert.equal(days.dayOf(endsMs), '2026-01-16');
  });

  it('ends a day at its real end while the clock shows an earlier day', () => {
    const days = new Days('UTC');
    assert.equal(days.endOfDay('2026-01-16', Date.UTC(2026, 0, 15, 12)), Date.UTC(2026, 0, 17));
  });

  it('gives the same end of a day each time, and a later one for the next day', () => {
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

  it('gives the right day in any order of calls', () => {
    const days = new Days('Europe/Berlin');
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(2020), max: Date.UTC(2030) }), (atMs) => {
        assert.equal(days.dayOf(atMs), new Days('Europe/Berlin').dayOf(atMs));
      }),
      { numRuns: 200, seed: 1 },
    );
  });
});

describe('Days.endOfMonth', () => {
  it('ends a month with its last day, also in December', () => {
    const days = new Days('America/New_York');
    assert.equal(days.endOfMonth('2026-01-15', Date.UTC(2026, 0, 15, 12)), Date.UTC(2026, 1, 1, 5));
    assert.equal(days.endOfMonth('2026-12-31', Date.UTC(2026, 11, 31, 12)), Date.UTC(2027, 0, 1, 5));
  });
});

describe('isZone', () => {
  it('accepts IANA names', () => {
    assert.equal(isZone('Europe/Berlin'), true);
    assert.equal(isZone('Middle-earth/Shire'), false);
    assert.equal(isZone(systemZone() ?? 'UTC'), true);
  });
});

describe('noonZoneAt', () => {
  it('has the day of UTC around noon whenever the tests run', () => {
    for (let hour = 0; hour < 24; hour++) {
      const atMs = Date.UTC(2026, 0, 15, hour, 59, 59);
      const days = new Days(noonZoneAt(atMs));
      const shown = [atMs - 12 * hourMs, atMs + 11 * hourMs].map((otherMs) => days.dayOf(otherMs));
      assert.deepEqual(shown, ['2026-01-15', '2026-01-15'], `at ${hour}:59:59`);
    }
  });
});
