import { calcPrice } from '@pydantic/genai-prices';
import * as z from 'zod';
import type { Price } from '../../guard/price.ts';
import { providerKind } from '../config/catalogue.ts';
import type { ModelFacts } from './model-facts.ts';
import type { ProviderConfig } from '../config/provider-config.ts';

// The list has about 800 kB: import this file when a price is first needed, not when the extension starts.

const tiered = z.object({
  base: z.number().nonnegative(),
  tiers: z.array(z.object({ start: z.number().positive(), price: z.number().nonnegative() })),
});
const perMillion = z
  .union([
    z
      .number()
      .nonnegative()
      .transform((base) => ({ base, tiers: [] })),
    tiered,
  ])
  .optional();
const pricesSchema = z.object({
  input_mtok: perMillion,
  cache_read_mtok: perMillion,
  cache_write_mtok: perMillion,
  cache_write_1h_mtok: perMillion,
  output_mtok: perMillion,
  requests_kcount: perMillion,
});

type Tiered = z.infer<typeof tiered>;

/**
 * Looks a model up in the public list, by the kind's own entry or else by the address. Undefined for an unknown model.
 * Only the price is absent if the list has less than the guard needs to bill by tokens.
 */
export function lookUpModel(config: ProviderConfig, model: string): ModelFacts | undefined {
  const { priceList } = providerKind(config.kind);
  if (priceList === undefined && config.baseUrl === undefined) return undefined;
  const found = calcPrice(
    { input_tokens: 1, output_tokens: 1 },
    model,
    priceList === undefined ? { providerApiUrl: config.baseUrl ?? '' } : { providerId: priceList },
  );
  if (found === null) return undefined;
  const price = priceOf(found.model_price);
  const { context_window: contextTokens } = found.model;
  return {
    ...(price === undefined ? {} : { price }),
    ...(contextTokens === undefined ? {} : { contextTokens }),
  };
}

function priceOf(listed: unknown): Price | undefined {
  const parsed = pricesSchema.safeParse(listed);
  if (!parsed.success) return undefined;
  const {
    input_mtok: input,
    output_mtok: output,
    cache_read_mtok: cached,
    cache_write_mtok: write,
    cache_write_1h_mtok: hourWrite,
    requests_kcount: fee,
  } = parsed.data;
  // Without one of the prices the other tokens would cost $0.
  if (input === undefined || output === undefined || (fee !== undefined && fee.base > 0)) return undefined;
  // For some models the list has only what a write costs in addition to the input price.
  const writePriceAt = (tiers: Tiered, tokens: number) =>
    Math.max(priceAt(tiers, tokens), priceAt(input, tokens));
  const at = (tokens: number) => ({
    inputUsdPerMillion: priceAt(input, tokens),
    cachedInputUsdPerMillion: priceAt(cached ?? input, tokens),
    ...(write === undefined ? {} : { cacheWriteUsdPerMillion: writePriceAt(write, tokens) }),
    ...(hourWrite === undefined ? {} : { hourCacheWriteUsdPerMillion: writePriceAt(hourWrite, tokens) }),
    outputUsdPerMillion: priceAt(output, tokens),
  });
  const starts = [input, output, cached, write, hourWrite]
    .flatMap((tiers) => tiers?.tiers ?? [])
    .map(({ start }) => start);
  if (starts.length === 0) return at(0);
  // If there are several steps, the highest price applies from the first step on, so that a cost is never too low.
  return {
    ...at(0),
    longPrompt: { aboveInputTokens: Math.min(...starts), ...at(Infinity) },
  };
}

function priceAt({ base, tiers }: Tiered, tokens: number): number {
  return tiers
    .filter(({ start }) => tokens > start)
    .reduce((highest, { price }) => Math.max(highest, price), base);
}
