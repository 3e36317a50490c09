import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Days, isZone } from '../../../src/ledger/days.ts';
import { httpFailure } from '../../../src/providers/transport/http-failure.ts';
import { readRetryAfter } from '../../../src/providers/transport/retry-after.ts';
import { anyJson, fuzz, mutatedText } from '../../support/fuzz.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const monthMs = 31 * dayMs;
const zone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'), 'UTC');
// Until 2011 some zones set their clocks back at 00:01, so that the new day ended after a minute.
const moment = fc.integer({ min: Date.UTC(2012), max: Date.UTC(2038) });
/** Near the beginning of a month, or of a day in spring or autumn, where clocks change. */
const edge = fc
  .tuple(
    fc.integer({ min: 2012, max: 2037 }),
    fc.constantFrom(0, 2, 3, 4, 8, 9, 10, 11),
    fc.integer({ min: 1, max: 31 }),
    fc.integer({ min: -60, max: 60 }),
  )
  .map(([year, month, day, minutes]) => Date.UTC(year, month, day) + minutes * 30 * 60_000);

const header = fc.oneof(
  fc.constant(undefined),
  fc.integer({ min: -100, max: 10_000_000 }).map(String),
  fc.double().map(String),
  fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
  mutatedText(fc.date({ noInvalidDate: true }).map((date) => date.toUTCString())),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom(
    '',
    ' ',
    '-0',
    '1e3',
    '0x10',
    'Infinity',
    'NaN',
    '1, 2',
    'Mon',
    'Thu, 01 Jan 1970 00:00:00 GMT',
    '٣',
  ),
  fc.string({ maxLength: 30 }),
);
const headers = fc.record(
  {
    'retry-after': header,
    'retry-after-ms': header,
    date: header,
    'content-type': fc.constantFrom('application/json', 'text/html', 'text/plain', ''),
  },
  { requiredKeys: [] },
);

describe('Fuzz: times', () => {
  fuzz(
    'days of all zones follow each other without a gap',
    120,
    fc.property(zone, fc.oneof(moment, edge), (name, atMs) => {
      const days = new Days(name);
      const day = days.dayOf(atMs);
      const startMs = days.startOfDay(day);
      const endMs = days.endOfDay(day, atMs);
      assert.match(day, /^\d{4}-\d\d-\d\d$/);
      assert.ok(startMs <= atMs && atMs < endMs);
      assert.deepEqual([days.dayOf(startMs), days.dayOf(endMs - 1)], [day, day]);
      assert.ok(days.dayOf(startMs - 1) < day && days.dayOf(endMs) > day);
      assert.equal(days.startOfDay(days.dayOf(endMs)), endMs);
      assert.ok(endMs - startMs >= 20 * hourMs && endMs - startMs <= 28 * hourMs);
      const monthEndsMs = days.endOfMonth(day, atMs);
      assert.equal(days.dayOf(monthEndsMs - 1).slice(0, 7), day.slice(0, 7));
      assert.ok(days.dayOf(monthEndsMs).slice(0, 7) > day.slice(0, 7));
      assert.ok(monthEndsMs >= endMs && monthEndsMs - atMs <= monthMs + 2 * hourMs);
    }),
  );

  fuzz(
    'any text is a zone or not, and every zone has days',
    300,
    fc.property(fc.oneof(mutatedText(zone), fc.string({ unit: 'binary', maxLength: 12 })), (name) => {
      if (isZone(name)) assert.match(new Days(name).dayOf(Date.UTC(2026, 5, 1)), /^2026-0[56]-\d\d$/);
    }),
  );

  fuzz(
    'a pause that headers ask for is a time that can be waited for',
    2_000,
    fc.property(headers, moment, (asked, nowMs) => {
      const retryAfter = readRetryAfter(asked, nowMs);
      assert.ok(retryAfter === undefined || (Number.isFinite(retryAfter) && retryAfter >= 0));
    }),
  );

  fuzz(
    'any failed answer is an outcome, with a pause of at most a day',
    700,
    fc.property(
      fc.constantFrom(400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 499, 500, 503, 529, 599, 100),
      headers,
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 200 }),
        anyJson.map((json) => JSON.stringify([json])),
        fc
          .record(
            {
              message: anyJson,
              code: anyJson,
              type: anyJson,
              details: fc.array(
                fc.record(
                  {
                    reason: anyJson,
                    retryDelay: fc.oneof(anyJson, fc.constantFrom('34.5s', '-1s', '999999999s', '1e9s')),
                  },
                  { requiredKeys: [] },
                ),
              ),
            },
            { requiredKeys: [] },
          )
          .map((error) => JSON.stringify({ error })),
      ),
      (status, asked, body) => {
        const outcome = httpFailure({ status, headers: asked, body }, (text) => text, Date.UTC(2026));
        assert.ok(outcome.kind === 'http' || outcome.kind === 'outOfCredit');
        if (outcome.kind !== 'http' || outcome.retryAfterMs === undefined) return;
        assert.ok(outcome.retryAfterMs >= 0 && outcome.retryAfterMs <= dayMs);
        assert.ok(!Number.isNaN(new Date(Date.UTC(2026) + outcome.retryAfterMs).getTime()));
      },
    ),
  );
});
