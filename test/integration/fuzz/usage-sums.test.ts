import assert from 'node:assert/strict';
import path from 'node:path';
import fc from 'fast-check';
import { applyRetention } from '../../../src/ledger/retention.ts';
import type { UsageTotals } from '../../../src/ledger/readers.ts';
import { readUsageRows } from '../../../src/observe/usage-rows.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { fuzz } from '../../support/fuzz.ts';
import { testKeys } from '../../support/open-ledger.ts';
import { admitted, folder, letGo, noonMs, openWindow, type Window } from '../ledger/ledger-fixture.ts';
import { completed, failed, recordOf, used } from '../ledger/ledger-requests.ts';

const count = fc.oneof(fc.nat({ max: 5_000 }), fc.constantFrom(0, 1, 2_000_000_000));
const call = fc.record({
  provider: fc.constantFrom('acme', 'other'),
  model: fc.constantFrom('small', 'Large'),
  tenant: fc.constantFrom('default', 'work'),
  inputTokens: count,
  cachedInputTokens: count,
  outputTokens: count,
  costMicroUsd: fc.option(count, { nil: undefined }),
  estimated: fc.boolean(),
  ending: fc.constantFrom('completed', 'failed', 'open'),
  /** Before the call, the clock goes on. */
  hours: fc.nat({ max: 40 }),
});
type FuzzedCall = typeof call extends fc.Arbitrary<infer T> ? T : never;

const summed = [
  'requests',
  'succeeded',
  'failed',
  'inputTokens',
  'cachedInputTokens',
  'outputTokens',
  'costMicroUsd',
  'unknownCost',
  'estimated',
] as const;
type Sums = Readonly<Record<(typeof summed)[number], number>>;

function sumOf(rows: readonly Pick<UsageTotals, (typeof summed)[number]>[]): Sums {
  return Object.fromEntries(
    summed.map((name) => [name, rows.reduce((sum, row) => sum + row[name], 0)]),
  ) as Sums;
}

/** What each call adds, counted without the ledger. */
function expectedOf(calls: readonly FuzzedCall[]): Sums {
  return sumOf(
    calls
      .filter(({ ending }) => ending !== 'open')
      .map(({ ending, costMicroUsd, estimated, ...tokens }) => ({
        ...tokens,
        requests: 1,
        succeeded: ending === 'completed' ? 1 : 0,
        failed: ending === 'failed' ? 1 : 0,
        costMicroUsd: costMicroUsd ?? 0,
        unknownCost: costMicroUsd === undefined ? 1 : 0,
        estimated: estimated ? 1 : 0,
      })),
  );
}

async function make(
  window: Window<FakeClock>,
  { provider, model, tenant, ending, hours, ...usage }: FuzzedCall,
): Promise<void> {
  window.clock.sleepMachine(hours * 3_600_000);
  const admission = await admitted(window, { tenant, target: { provider, model } });
  if (ending === 'open') return;
  const kept = used(usage);
  const settlement =
    ending === 'completed' ? completed(kept) : { ...failed(), usage: kept, breakerVerdict: 'none' as const };
  await window.ledger.settle(admission, settlement, recordOf(admission, kept));
}

async function assertSums(window: Window, calls: readonly FuzzedCall[]): Promise<void> {
  const { usage, counters } = window.store;
  const expected = expectedOf(calls);
  const holds = calls.filter(({ ending }) => ending === 'open').length;
  const total = usage.totals('0000', '9999', {});
  assert.deepEqual(sumOf([total]), expected);
  assert.equal(total.heldRequests, holds);
  assert.deepEqual(sumOf(await readUsageRows(window.store)), expected);
  for (const provider of ['acme', 'other'])
    assert.deepEqual(
      sumOf([usage.totals('0000', '9999', { provider })]),
      expectedOf(calls.filter((each) => each.provider === provider)),
    );
  const counted = [...counters.all().values()];
  for (const name of [
    'requests',
    'succeeded',
    'failed',
    'inputTokens',
    'outputTokens',
    'costMicroUsd',
    'unknownCost',
  ] as const)
    assert.equal(
      counted.reduce((sum, of) => sum + (of.get(name) ?? 0), 0),
      expected[name],
      name,
    );
}

describe('Fuzz: usage sums', () => {
  afterEach(letGo);

  fuzz(
    'calls on any days add up to the same in every sum, before and after days become months',
    12,
    fc.asyncProperty(fc.array(call, { maxLength: 12 }), async (calls) => {
      const clock = new FakeClock(noonMs);
      const window = await openWindow(path.join(folder(), 'ledger.db'), clock, { holdMs: 365 * 86_400_000 });
      for (const each of calls) await make(window, each);
      await assertSums(window, calls);
      const { usage } = window.store;
      const sources = usage.bySource('0000', '9999');
      assert.deepEqual(sumOf(sources), expectedOf(calls));
      clock.sleepMachine(100 * 86_400_000);
      await applyRetention(window.tables, window.transactions, { usageDays: 31, auditDays: 1 }, testKeys);
      await assertSums(window, calls);
      window.dispose();
    }),
  );
});
