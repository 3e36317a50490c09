/** In dollars per million tokens, as providers publish prices; a token then costs as many micro-dollars. */
export interface Price extends TokenPrices {
  /** The prices of all tokens of a call whose prompt is longer than `aboveInputTokens`. */
  readonly longPrompt?: TokenPrices & { readonly aboveInputTokens: number };
}

/** Where a price comes from: the user's settings, the public list, or a model whose calls cost nothing. */
export type PriceSource = 'free' | 'settings' | 'priceList';

export interface TokenPrices {
  readonly inputUsdPerMillion: number;
  readonly cachedInputUsdPerMillion: number;
  /** For input that the provider also writes to its cache for its usual few minutes. */
  readonly cacheWriteUsdPerMillion?: number;
  /** For input that the provider keeps in its cache for an hour. */
  readonly hourCacheWriteUsdPerMillion?: number;
  readonly outputUsdPerMillion: number;
}

/** The tokens of one attempt. The cache figures are parts of the input. */
export interface PricedTokens {
  readonly inputTokens: number;
  /** Read from the provider's cache. */
  readonly cachedInputTokens?: number;
  /** Written to the provider's cache, for any time. */
  readonly cacheWriteTokens?: number;
  /** The part of `cacheWriteTokens` that is kept for an hour. */
  readonly hourCacheWriteTokens?: number;
  readonly outputTokens: number;
}

/**
 * The price of a cache write as a multiple of the input price, for a model whose list has none. Anthropic and OpenAI
 * charge this (their pages on prompt caching), so the cost is not too low.
 */
const cacheWriteTimesInput = 1.25;
const hourCacheWriteTimesInput = 2;

/** Rounded up, so that many small calls do not add up to 0. */
export function costMicroUsd(price: Price, tokens: PricedTokens): number {
  const { inputTokens, cachedInputTokens: cached = 0, cacheWriteTokens: written = 0 } = tokens;
  const { hourCacheWriteTokens: forAnHour = 0 } = tokens;
  const prices = pricesAt(price, inputTokens);
  const { inputUsdPerMillion: input } = prices;
  const { cacheWriteUsdPerMillion: write = input * cacheWriteTimesInput } = prices;
  const { hourCacheWriteUsdPerMillion: hourWrite = input * hourCacheWriteTimesInput } = prices;
  return Math.ceil(
    (inputTokens - cached - written) * input +
      cached * prices.cachedInputUsdPerMillion +
      (written - forAnHour) * write +
      forAnHour * hourWrite +
      tokens.outputTokens * prices.outputUsdPerMillion,
  );
}

/** The highest cost of a call: some providers write input to their cache unasked and charge for all of it. */
export function highestCostMicroUsd(price: Price, inputTokens: number, outputTokens: number): number {
  const cacheWriteTokens = price.cacheWriteUsdPerMillion === undefined ? 0 : inputTokens;
  return costMicroUsd(price, { inputTokens, cacheWriteTokens, outputTokens });
}

/** How many output tokens the amount pays for after the input; negative if it does not pay for the input. */
export function outputTokensFor(microUsd: number, price: Price, inputTokens: number): number {
  const { outputUsdPerMillion } = pricesAt(price, inputTokens);
  if (outputUsdPerMillion === 0) return Infinity;
  return (microUsd - highestCostMicroUsd(price, inputTokens, 0)) / outputUsdPerMillion;
}

function pricesAt(price: Price, inputTokens: number): TokenPrices {
  const { longPrompt } = price;
  return longPrompt !== undefined && inputTokens > longPrompt.aboveInputTokens ? longPrompt : price;
}
