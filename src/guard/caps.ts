import { err, ok, type Result } from '../shared/result.ts';
import { highestCostMicroUsd, outputTokensFor, type Price } from './price.ts';

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
      : Math.min(mostDeclared, highestCostMicroUsd(demand.price, demand.inputTokens, outputTokens));
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

/** How many output tokens a cap leaves room for. */
function outputRoom(cap: Cap, left: number, demand: Demand): number {
  switch (cap.kind) {
    case 'tokensPerDay':
    case 'tokensPerMinute':
      return left - demand.inputTokens;
    case 'usdPerDay':
    case 'usdPerMonth':
      return demand.price === undefined ? Infinity : outputTokensFor(left, demand.price, demand.inputTokens);
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
