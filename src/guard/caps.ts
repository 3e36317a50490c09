import { err, ok, type Result } from '../shared/result.ts';

/** What a cap counts. Days and months are calendar ones of the ledger's zone; a minute is the last 60 s. */
export const capKinds = [
  'requestsPerDay',
  'tokensPerDay',
  'usdPerDay',
  'usdPerMonth',
  'requestsPerMinute',
  'tokensPerMinute',
  'callsAtOnce',
] as const;

export type CapKind = (typeof capKinds)[number];

/** Whose calls a cap adds up: all that have every one of the named properties. */
export interface CapScope {
  readonly tenant?: string;
  readonly provider?: string;
  readonly model?: string;
}

/** Requests, tokens, calls, or millionths of a US dollar, by the kind. */
export interface Cap {
  readonly scope: CapScope;
  readonly kind: CapKind;
  readonly limit: number;
}

/** What counts against a cap now, in the cap's unit. */
export interface CapUse {
  readonly used: number;
  readonly held: number;
  /** When the cap has room again; undefined when that depends on calls under way. */
  readonly resetsAtMs?: number;
}

export interface CapRefusal extends CapUse {
  readonly cap: Cap;
  /** The model has no known price, so that a dollar cap cannot be kept. */
  readonly unknownPrice?: true;
}

/** Micro-dollars for a million tokens are dollars for one: prices are as providers publish them. */
export interface Price extends TokenPrices {
  /** Where a longer prompt makes all of the call dearer. */
  readonly longPrompt?: TokenPrices & { readonly aboveInputTokens: number };
}

export interface TokenPrices {
  readonly inputUsdPerMillion: number;
  readonly cachedInputUsdPerMillion: number;
  /** For input that the provider also writes to its cache, kept for its usual few minutes. */
  readonly cacheWriteUsdPerMillion?: number;
  /** For input that is kept there for an hour. */
  readonly hourCacheWriteUsdPerMillion?: number;
  readonly outputUsdPerMillion: number;
}

/** Tokens that have a price. Each figure of a cache is a part of the input. */
export interface PricedTokens {
  readonly inputTokens: number;
  /** Read from the provider's cache. */
  readonly cachedInputTokens?: number;
  /** Written to it, for however long. */
  readonly cacheWriteTokens?: number;
  /** Of those written, what is kept for an hour. */
  readonly hourCacheWriteTokens?: number;
  readonly outputTokens: number;
}

/**
 * What a cache's writes cost where no price says it, in times of the input's price: what Anthropic and OpenAI take
 * (their pages on prompt caching), so that such a cost is not too low.
 */
const cacheWriteTimesInput = 1.25;
const hourCacheWriteTimesInput = 2;

/** What a call may use at most, before it is sent. */
export interface Demand {
  readonly inputTokens: number;
  /** The request's own limit; undefined when it names none. */
  readonly maxOutputTokens: number | undefined;
  /** The model's limit, or the default, for a request that names none. */
  readonly assumedOutputTokens: number;
  readonly price: Price | undefined;
  /** Whether a model without a known price may pass a dollar cap. */
  readonly unknownPriceAllowed: boolean;
}

/** What one call reserves from every cap that applies. */
export interface Reservation {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Undefined where the price is unknown: never taken for 0. */
  readonly costMicroUsd: number | undefined;
}

/**
 * More tokens than any model answers with, and more micro-dollars than any call costs. What is declared beyond counts
 * as this much, so that the sums of a ledger stay numbers that can be counted exactly.
 */
const mostDeclared = 1e12;

/** Rounded up, so that a sum of many small calls does not vanish. */
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

function pricesAt(price: Price, inputTokens: number): TokenPrices {
  const { longPrompt } = price;
  return longPrompt !== undefined && inputTokens > longPrompt.aboveInputTokens ? longPrompt : price;
}

/**
 * Sizes the reservation of a call, or names the first cap that has no room for it. A request that names no limit
 * of its own is given what is left, if that is less than what it would be assumed to use.
 */
export function reserve(
  demand: Demand,
  caps: readonly Cap[],
  use: (cap: Cap) => CapUse,
): Result<Reservation, CapRefusal> {
  const uses = caps.map((cap) => ({ cap, use: use(cap) }));
  const leftForOutput = uses.map(({ cap, use }) => outputRoom(cap, cap.limit - use.used - use.held, demand));
  const outputTokens =
    declaredOutput(demand) ?? Math.max(1, Math.floor(Math.min(demand.assumedOutputTokens, ...leftForOutput)));
  const cost =
    demand.price === undefined
      ? undefined
      : Math.min(mostDeclared, highestCost(demand, demand.price, outputTokens));
  for (const { cap, use } of uses) {
    const needed = needOf(cap.kind, demand.inputTokens + outputTokens, cost);
    if (needed === undefined) {
      if (!demand.unknownPriceAllowed) return err({ cap, ...use, unknownPrice: true });
    } else if (use.used + use.held + needed > cap.limit) return err({ cap, ...use });
  }
  return ok({ inputTokens: demand.inputTokens, outputTokens, costMicroUsd: cost });
}

/** Never below 0, which would be room that nobody has, in every cap. */
function declaredOutput({ maxOutputTokens: declared }: Demand): number | undefined {
  if (declared === undefined || Number.isNaN(declared)) return undefined;
  return Math.ceil(Math.min(mostDeclared, Math.max(0, declared)));
}

/** With as much of the input written to the provider's cache as it may charge for: some do so unasked. */
function highestCost({ inputTokens }: Demand, price: Price, outputTokens: number): number {
  const cacheWriteTokens = price.cacheWriteUsdPerMillion === undefined ? 0 : inputTokens;
  return costMicroUsd(price, { inputTokens, cacheWriteTokens, outputTokens });
}

/** How many output tokens a cap leaves room for. */
function outputRoom(cap: Cap, left: number, demand: Demand): number {
  switch (cap.kind) {
    case 'tokensPerDay':
    case 'tokensPerMinute':
      return left - demand.inputTokens;
    case 'usdPerDay':
    case 'usdPerMonth': {
      if (demand.price === undefined) return Infinity;
      const prices = pricesAt(demand.price, demand.inputTokens);
      if (prices.outputUsdPerMillion === 0) return Infinity;
      return (left - highestCost(demand, demand.price, 0)) / prices.outputUsdPerMillion;
    }
    case 'requestsPerDay':
    case 'requestsPerMinute':
    case 'callsAtOnce':
      return Infinity;
  }
}

/** What a call takes from a cap of this kind; undefined for dollars that nobody can tell. */
function needOf(kind: CapKind, tokens: number, cost: number | undefined): number | undefined {
  switch (kind) {
    case 'tokensPerDay':
    case 'tokensPerMinute':
      return tokens;
    case 'usdPerDay':
    case 'usdPerMonth':
      return cost;
    case 'requestsPerDay':
    case 'requestsPerMinute':
    case 'callsAtOnce':
      return 1;
  }
}
