import type { CallRecord, Settlement, Usage } from '../guard/ledger-port.ts';
import type { Failure } from '../guard/outcome.ts';
import type { RefusalKind } from '../guard/refusal.ts';
import type { CallVerdict } from './tables/usage-table.ts';

/** Upper bounds in seconds of the buckets of a call's duration; one more is for what is above all. */
export const durationBounds = [0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600] as const;
/** The same for the time to the first content. */
export const firstContentBounds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] as const;

/** What is counted. The set is closed, so that a table of them is bounded. */
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
  /** Not a total: how many failures in a row the circuit has been opened by. */
  | 'failuresInARow'
  | `refusal:${RefusalKind}`
  | `failure:${Failure['kind']}`
  | `duration:${string}`
  | `firstContent:${string}`;

/** What is to be added; nothing is ever taken away. */
export type Increments = Readonly<Partial<Record<CounterName, number>>>;

/** Of a settled call, over what was charged for it provisionally while its window was away. */
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

/** How an attempt on a provider failed. */
export function incrementsOfOutcome(outcome: Settlement['outcome']): Increments {
  if (outcome.kind === 'complete' || outcome.kind === 'aborted' || outcome.kind === 'unsent') return {};
  return { [`failure:${outcome.kind}`]: 1 };
}

/** What a call's record adds: its refusal, its retries, and how long it took if it was answered whole. */
export function incrementsOfRecord(record: CallRecord): Increments {
  const { outcome, reason, retries, totalMs, firstContentMs } = record;
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

/** The first bound that is not below the value, as Prometheus writes it. */
function bucketOf(bounds: readonly number[], ms: number): string {
  const bound = bounds.find((seconds) => ms <= seconds * 1_000);
  return bound === undefined ? '+Inf' : String(bound);
}
