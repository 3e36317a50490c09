import type { ReportedUsage } from '../../guard/sender-port.ts';
import { answerLimits } from '../../shared/limits.ts';
import type { Counts } from './dialect.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The members of an object; none for anything else. Usage is read field by field, so that one odd field spoils no other. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

/** The count under the first of these names that has one. Ignores what cannot be a count of tokens. */
export function countIn(fields: Fields, ...names: readonly string[]): number | undefined {
  return names.map((name) => asCount(fields[name])).find((count) => count !== undefined);
}

/** The largest count under these names, for servers that fill one name and leave another at 0. */
export function largestCountIn(fields: Fields, ...names: readonly string[]): number | undefined {
  const counts = names.map((name) => asCount(fields[name])).filter((count) => count !== undefined);
  return counts.length === 0 ? undefined : Math.max(...counts);
}

function asCount(value: unknown): number | undefined {
  const count = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value;
  return Number.isInteger(count) && Number(count) >= 0 && Number(count) <= answerLimits.tokens
    ? Number(count)
    : undefined;
}

/**
 * The call's cost in micro-dollars, as the provider bills it. OpenRouter's `cost` is what it charges; with the user's
 * own key at the model's vendor, the vendor's bill comes on top (its API reference, 'Usage Accounting').
 */
export function costIn(usage: Fields): number | undefined {
  const charged = chargedIn(usage);
  if (charged === undefined) return undefined;
  const vendors = asUsd(fieldsOf(usage['cost_details'])['upstream_inference_cost']) ?? 0;
  return Math.ceil((charged + (usage['is_byok'] === true ? vendors : 0)) * 1e6 - 1e-6);
}

/** OpenRouter's name, Perplexity's, DeepInfra's and xAI's (its documentation, 'Cost Tracking'). */
function chargedIn({
  cost,
  estimated_cost: estimated,
  cost_in_usd_ticks: ticks,
}: Fields): number | undefined {
  const usdPerTick = 1e-10;
  return (
    asUsd(cost) ??
    asUsd(fieldsOf(cost)['total_cost']) ??
    asUsd(estimated) ??
    (typeof ticks === 'number' ? asUsd(ticks * usdPerTick) : undefined)
  );
}

function asUsd(value: unknown): number | undefined {
  const usd = typeof value === 'string' && /^\d{1,7}(\.\d{1,12})?$/.test(value) ? Number(value) : value;
  return typeof usd === 'number' && usd >= 0 && usd <= answerLimits.usd ? usd : undefined;
}

/** Of each count the larger one: counts only grow while an answer is made. */
export function largerOf(left: Counts, right: Counts): Counts {
  const merged: Record<string, number | undefined> = { ...left };
  for (const [name, count] of Object.entries(right)) {
    if (count !== undefined) merged[name] = Math.max(count, merged[name] ?? 0);
  }
  return merged;
}

/** Limits the cache figures to the input: whatever a provider reports, cached and written tokens are part of it. */
export function usageOf({ input, cached = 0, written = 0, hour = 0, output, cost }: Counts): ReportedUsage {
  const cachedInputTokens = Math.min(cached, input ?? cached);
  const cacheWriteTokens = Math.min(written, (input ?? cached + written) - cachedInputTokens);
  const hourCacheWriteTokens = Math.min(hour, cacheWriteTokens);
  return {
    ...(input === undefined ? {} : { inputTokens: input }),
    cachedInputTokens,
    ...(cacheWriteTokens === 0 ? {} : { cacheWriteTokens }),
    ...(hourCacheWriteTokens === 0 ? {} : { hourCacheWriteTokens }),
    ...(output === undefined ? {} : { outputTokens: output }),
    ...(cost === undefined ? {} : { costMicroUsd: cost }),
  };
}
