import * as z from 'zod';
import type { ReportedUsage } from '../../guard/sender-port.ts';
import type { Counts } from './dialect.ts';

/** A count of tokens. No call can have more than this maximum, and a larger figure would spoil sums in the ledger. */
export const tokenCount = z.int().nonnegative().max(1_000_000_000);

/** A count that may be absent. */
export const maybeTokenCount = tokenCount.nullish().transform((value) => value ?? undefined);

/** Limits the cache figures to the input: whatever a provider reports, cached and written tokens are part of it. */
export function usageOf({ input = 0, cached = 0, written = 0, hour = 0, output = 0 }: Counts): ReportedUsage {
  const cachedInputTokens = Math.min(cached, input);
  const cacheWriteTokens = Math.min(written, input - cachedInputTokens);
  const hourCacheWriteTokens = Math.min(hour, cacheWriteTokens);
  return {
    inputTokens: input,
    cachedInputTokens,
    ...(cacheWriteTokens === 0 ? {} : { cacheWriteTokens }),
    ...(hourCacheWriteTokens === 0 ? {} : { hourCacheWriteTokens }),
    outputTokens: output,
  };
}
