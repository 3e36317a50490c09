import assert from 'node:assert/strict';
import type { UsageDocument } from '../../../src/api.ts';
import { readUsageStats } from '../../../src/observe/usage-stats.ts';
import { freshWindow, letGoAfterEach, type Window } from '../ledger/ledger-fixture.ts';

const today: UsageDocument = {
  today_requests: 7,
  today_tokens: 70,
  success_rate: 100,
  day: '2026-03-10',
  today_cost_usd: 0.7,
  today_cost_unknown: 0,
};

function daysOf(window: Window, query: string): unknown {
  const stats = readUsageStats(window.store, today, new URLSearchParams(query));
  if (!stats.ok) return stats.error;
  const { rows, from, to } = stats.value as { rows: { day: string }[]; from: string; to: string };
  return [from, to, rows.map(({ day }) => day)];
}

describe('readUsageStats', () => {
  letGoAfterEach();
  let window: Window;

  // The day is 2026-01-15.
  beforeEach(async () => {
    window = await freshWindow();
    const insert = window.db.prepare(`
      INSERT INTO usage (day, provider, model, tenant, requests, input_tokens, cost_micro_usd)
      VALUES (?, 'acme', 'small', 'work', 2, 30, 1500000)`);
    for (const day of ['2025-11', '2025-12-16', '2025-12-17', '2026-01-14', '2026-01-15']) insert.run(day);
  });

  it('covers the last 30 days including today', () => {
    assert.deepEqual(daysOf(window, ''), [
      '2025-12-17',
      '2026-01-15',
      ['2025-12-17', '2026-01-14', '2026-01-15'],
    ]);
  });

  it('covers the requested days, both ends included', () => {
    assert.deepEqual(daysOf(window, 'from=2025-12-16&to=2026-01-14'), [
      '2025-12-16',
      '2026-01-14',
      ['2025-12-16', '2025-12-17', '2026-01-14'],
    ]);
  });

  it('leaves out months, whose names may sort between two days', () => {
    const [, , days] = daysOf(window, 'from=2025-10-20') as [string, string, string[]];
    assert.deepEqual(days, ['2025-12-16', '2025-12-17', '2026-01-14', '2026-01-15']);
  });

  it("includes today's usage, its sources and its cost", () => {
    const stats = readUsageStats(window.store, today, new URLSearchParams('from=2026-01-15'));
    assert.ok(stats.ok);
    const { today_requests: requests, rows } = stats.value as { today_requests: number; rows: object[] };
    assert.equal(requests, 7);
    assert.deepEqual(rows, [
      {
        ...{ day: '2026-01-15', tenant: 'work', provider: 'acme', model: 'small' },
        ...{ requests: 2, succeeded: 0, failed: 0 },
        ...{ input_tokens: 30, cached_input_tokens: 0, output_tokens: 0, cost_usd: 1.5 },
        ...{ requests_without_price: 0, requests_with_estimated_tokens: 0 },
      },
    ]);
  });

  for (const [query, problem] of [
    ['from=yesterday', /^from: must be a date such as 2026-01-31$/],
    ['to=2026-02-30', /^to: must be a date/],
    ['from=2026-01-15&to=2026-01-14', /^from: 2026-01-15 is after 2026-01-14$/],
    ['from=2020-01-01', /^from: the range must not be longer than 366 days/],
    ['since=2026-01-01', /since/],
  ] as const) {
    it(`refuses ${query} with a reason`, () => {
      assert.match(String(daysOf(window, query)), problem);
    });
  }
});
