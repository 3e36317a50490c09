import type { CallRecord, Settlement, Usage } from '../guard/ledger-port.ts';
import type { Failure } from '../guard/outcome.ts';
import type { RefusalKind } from '../guard/refusal.ts';
import type { CallVerdict } from './tables/usage-table.ts';

/** Upper bounds of the buckets of a call's duration, in seconds. Longer calls are in the bucket '+Inf'. */
export const durationBounds = [0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600] as const;
/** Upper bounds of the buckets of the time to the first content, in seconds. */
export const firstContentBounds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] as const;

/** The names of the counters. The set is closed, so the table is bounded. */
export type CounterName =
  | 'requests'
  | 'succeeded'
  | 'failed'
  | 'inputTokens'
  | 'cachedInputTokens'
  | 'outputTokens'
  | 'costMicroUsd'
  | 'unknownCost'
  | 'retries'
  | 'durationMs'
  | 'firstContentMs'
  /** Not a total: the number of consecutive failures that opened the circuit. */
  | 'failuresInARow'
  | `refusal:${RefusalKind}`
  | `failure:${Failure['kind']}`
  | `duration:${string}`
  | `firstContent:${string}`;

/** What to add to counters. Counters never go down. */
export type Increments = Readonly<Partial<Record<CounterName, number>>>;

/** The increments of a settled call, beyond what was charged provisionally while its window was asleep. */
export function incrementsOfUsage(usage: Usage, verdict: CallVerdict, provisional?: Usage): Increments {
  const costUnknown = (of: Usage | undefined) => (of?.costMicroUsd === undefined ? (of?.requests ?? 0) : 0);
  const over = (now: number, before = 0) => Math.max(0, now - before);
  return {
    requests: over(usage.requests, provisional?.requests),
    inputTokens: over(usage.inputTokens, provisional?.inputTokens),
    cachedInputTokens: over(usage.cachedInputTokens, provisional?.cachedInputTokens),
    outputTokens: over(usage.outputTokens, provisional?.outputTokens),
    costMicroUsd: over(usage.costMicroUsd ?? 0, provisional?.costMicroUsd),
    unknownCost: over(costUnknown(usage), costUnknown(provisional)),
    ...(verdict === 'neither' ? {} : { [verdict]: 1 }),
  };
}

/** The increment for the way in which an attempt failed. */
export function incrementsOfOutcome(outcome: Settlement['outcome']): Increments {
  if (outcome.kind === 'complete' || outcome.kind === 'aborted' || outcome.kind === 'unsent') return {};
  return { [`failure:${outcome.kind}`]: 1 };
}

/** The increments of a call's record: its refusal, its retries, and its times if the answer was complete. */
export function incrementsOfRecord(record: CallRecord): Increments {
  const { outcome, reason, retries, totalMs, firstContentMs, operation, repeated } = record;
  if (operation === 'count' || repeated === true) return {};
  if (outcome === 'refused') return reason === undefined ? {} : { [`refusal:${reason}`]: 1 };
  if (outcome !== 'done') return { retries };
  return {
    retries,
    durationMs: Math.round(totalMs),
    [`duration:${bucketOf(durationBounds, totalMs)}`]: 1,
    ...(firstContentMs === undefined
      ? {}
      : {
          firstContentMs: Math.round(firstContentMs),
          [`firstContent:${bucketOf(firstContentBounds, firstContentMs)}`]: 1,
        }),
  };
}

/** The lowest bound that is not below the value, as Prometheus writes it. */
function bucketOf(bounds: readonly number[], ms: number): string {
  const bound = bounds.find((seconds) => ms <= seconds * 1_000);
  return bound === undefined ? '+Inf' : String(bound);
}
