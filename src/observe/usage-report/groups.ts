import type { BucketSums, Sums } from './sums.ts';

/** A part of the stacked bars: one number per bucket. */
export interface Group {
  /** A provider or `provider/model`; undefined for the rest, which is too small for a colour of its own. */
  readonly name?: string;
  readonly requests: number[];
  readonly tokens: number[];
  readonly costMicroUsd: number[];
}

interface Part {
  readonly name: string;
  readonly of: { readonly provider: string; readonly model?: string };
  readonly requests: number;
}

/** The number of colours that VS Code has for charts. */
const mostNamed = 6;

/** The group with the most requests first, the rest last as one group. */
export function groupsOf(sums: Sums, stackBy: 'provider' | 'model'): Group[] {
  const parts = partsOf(sums, stackBy).sort((a, b) => b.requests - a.requests);
  const named = parts.slice(0, mostNamed).map(({ name, of }) => ({ name, sums: sums.byBucket(of) }));
  const groups = named.map((part) => ({ name: part.name, ...columnsOf(part.sums) }));
  if (parts.length <= mostNamed) return groups;
  const rest = sums
    .byBucket({})
    .map((all, bucket) => named.reduce((left, part) => less(left, part.sums[bucket]), all));
  return [...groups, columnsOf(rest)];
}

function partsOf({ models }: Sums, stackBy: 'provider' | 'model'): Part[] {
  if (stackBy === 'model') {
    return models.map(({ provider, model, requests }) => ({
      name: `${provider}/${model}`,
      of: { provider, model },
      requests,
    }));
  }
  const requests = new Map<string, number>();
  for (const of of models) requests.set(of.provider, (requests.get(of.provider) ?? 0) + of.requests);
  return [...requests].map(([provider, all]) => ({ name: provider, of: { provider }, requests: all }));
}

function columnsOf(sums: readonly BucketSums[]): Omit<Group, 'name'> {
  return {
    requests: sums.map(({ requests }) => requests),
    tokens: sums.map(({ tokens }) => tokens),
    costMicroUsd: sums.map(({ costMicroUsd }) => costMicroUsd),
  };
}

function less(all: BucketSums, part: BucketSums | undefined): BucketSums {
  if (part === undefined) return all;
  return {
    requests: all.requests - part.requests,
    tokens: all.tokens - part.tokens,
    costMicroUsd: all.costMicroUsd - part.costMicroUsd,
  };
}
