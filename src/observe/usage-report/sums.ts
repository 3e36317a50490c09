import type { CapScope } from '../../guard/caps.ts';
import type { ReadOnlyLedger } from '../../ledger/db/read-only.ts';
import type { UsageSource, UsageTotals } from '../../ledger/readers.ts';
import type { Bucket } from './buckets.ts';
import { isWithin, scopeOf, type UsageView } from './query.ts';

/** What is added up. The other totals are about holds. */
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

/** One model's usage over the whole range. */
export interface ModelSums extends Counted {
  readonly provider: string;
  readonly model: string;
}

export interface BucketSums {
  readonly requests: number;
  readonly tokens: number;
  readonly costMicroUsd: number;
}

/** The usage of a range for the view's filters. */
export interface Sums {
  /** By provider and model. */
  readonly models: readonly ModelSums[];
  /** One per bucket. */
  byBucket(of: Pick<CapScope, 'provider' | 'model'>): BucketSums[];
}

const noSums: BucketSums = { requests: 0, tokens: 0, costMicroUsd: 0 };

/** `sources`: what the usage table has for all the days. */
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

/** From the usage table, so the numbers equal those of the caps, the tree and the exports. */
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
 * From the audit trail, because the usage table has no hours. Counts each call that was sent, in the hour in which it
 * ended (the table uses the day on which it began), for the provider that answered last. Usage of a route's earlier
 * targets that failed, and of a window that died, is only in the table.
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

/** A row may release no more than what is held. */
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
