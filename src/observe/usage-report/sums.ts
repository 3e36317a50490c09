import type { CapScope } from '../../guard/caps.ts';
import type { ReadOnlyLedger } from '../../ledger/db/read-only.ts';
import type { UsageSource, UsageTotals } from '../../ledger/tables/usage-table.ts';
import type { Bucket } from './buckets.ts';
import { isWithin, scopeOf, type UsageView } from './query.ts';

/** What is summed up; the rest of the totals is about holds. */
type Counted = Pick<
  UsageTotals,
  | 'requests'
  | 'succeeded'
  | 'failed'
  | 'inputTokens'
  | 'cachedInputTokens'
  | 'outputTokens'
  | 'costMicroUsd'
  | 'unknownCost'
>;

/** What one model used over the whole range. */
export interface ModelSums extends Counted {
  readonly provider: string;
  readonly model: string;
}

export interface BucketSums {
  readonly requests: number;
  readonly tokens: number;
  readonly costMicroUsd: number;
}

/** What was used in a range, of what a view's filters let through. */
export interface Sums {
  /** By provider and model. */
  readonly models: readonly ModelSums[];
  /** One a bucket. */
  byBucket(of: Pick<CapScope, 'provider' | 'model'>): BucketSums[];
}

const noSums: BucketSums = { requests: 0, tokens: 0, costMicroUsd: 0 };

/** `sources`: what the usage table has of all the days. */
export function readSums(
  ledger: ReadOnlyLedger,
  buckets: readonly Bucket[],
  view: UsageView,
  sources: readonly UsageSource[],
): Sums {
  return view.range === '24h'
    ? sumsOfHours(ledger, buckets, view)
    : sumsOfDays(ledger, buckets, view, sources);
}

/** From the usage table, so these are the very numbers of the caps, the tree and the exports. */
function sumsOfDays(
  { usage }: ReadOnlyLedger,
  buckets: readonly Bucket[],
  view: UsageView,
  sources: readonly UsageSource[],
): Sums {
  const scope = scopeOf(view);
  const days = buckets.map(({ label }) => label);
  return {
    models: byModel(sources.filter((source) => isWithin(source, scope) && isAnything(source))),
    byBucket: (of) => {
      const found = new Map(usage.byDay(days, { ...scope, ...of }).map((row) => [row.day, row]));
      return days.map((day) => bucketSums(found.get(day)));
    },
  };
}

/**
 * From the audit trail, as the usage table knows no hours. Counted is each call that was sent, by the hour in which it
 * ended (the table has the day on which it began), under the provider that had the last word: what a route's earlier
 * targets used before they failed is in the table alone, and so is what a window that died left behind.
 */
function sumsOfHours({ calls }: ReadOnlyLedger, buckets: readonly Bucket[], view: UsageView): Sums {
  const rows = calls.byHour(buckets.at(0)?.fromMs ?? 0, buckets.at(-1)?.toMs ?? 0, scopeOf(view));
  return {
    models: byModel(rows),
    byBucket: ({ provider, model }) => {
      const sums = buckets.map(() => noSums);
      for (const row of rows) {
        if ((provider ?? row.provider) !== row.provider || (model ?? row.model) !== row.model) continue;
        const before = sums[row.hour] ?? noSums;
        const { requests, tokens, costMicroUsd } = bucketSums(row);
        sums[row.hour] = {
          requests: before.requests + requests,
          tokens: before.tokens + tokens,
          costMicroUsd: before.costMicroUsd + costMicroUsd,
        };
      }
      return sums;
    },
  };
}

function byModel(rows: readonly ModelSums[]): ModelSums[] {
  const models = new Map<string, ModelSums>();
  for (const row of rows) {
    const key = JSON.stringify([row.provider, row.model]);
    models.set(key, added(counted(row), models.get(key)));
  }
  return [...models.values()];
}

/** A row may hold no more than what is held. */
function isAnything({ requests, inputTokens, outputTokens }: ModelSums): boolean {
  return requests + inputTokens + outputTokens > 0;
}

function bucketSums(row: Counted | undefined): BucketSums {
  if (row === undefined) return noSums;
  const { requests, inputTokens, outputTokens, costMicroUsd } = row;
  return { requests, tokens: inputTokens + outputTokens, costMicroUsd };
}

function counted(row: ModelSums): ModelSums {
  return {
    provider: row.provider,
    model: row.model,
    requests: row.requests,
    succeeded: row.succeeded,
    failed: row.failed,
    inputTokens: row.inputTokens,
    cachedInputTokens: row.cachedInputTokens,
    outputTokens: row.outputTokens,
    costMicroUsd: row.costMicroUsd,
    unknownCost: row.unknownCost,
  };
}

function added(a: ModelSums, b: ModelSums | undefined): ModelSums {
  if (b === undefined) return a;
  return {
    ...a,
    requests: a.requests + b.requests,
    succeeded: a.succeeded + b.succeeded,
    failed: a.failed + b.failed,
    inputTokens: a.inputTokens + b.inputTokens,
    cachedInputTokens: a.cachedInputTokens + b.cachedInputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    costMicroUsd: a.costMicroUsd + b.costMicroUsd,
    unknownCost: a.unknownCost + b.unknownCost,
  };
}
