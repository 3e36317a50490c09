import { answerLimits } from '../shared/limits.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { highestCostMicroUsd, outputTokensFor, type Price } from './price.ts';

/** What a cap counts. Days and months are those of the ledger's time zone. A minute is the last 60 s. */
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

/** The calls that a cap adds up: those that have all of these properties. */
export interface CapScope {
  readonly tenant?: string;
  readonly provider?: string;
  readonly model?: string;
  /** A token of the gateway. Its caps are those of a day, and have no other property. */
  readonly token?: TokenScope;
}

/** The properties of a call that the rules of the settings can name. */
export type CallProperties = Required<Omit<CapScope, 'token'>>;

export interface TokenScope {
  readonly id: string;
  /** As the user named it. */
  readonly name: string;
}

/** The limit is in requests, tokens, calls or millionths of a US dollar, depending on the kind. */
export interface Cap {
  readonly scope: CapScope;
  readonly kind: CapKind;
  readonly limit: number;
}

/** The caps that a token of the gateway has for a day. */
export function tokenCaps(
  token: (TokenScope & { readonly caps: Readonly<Partial<Record<CapKind, number>>> }) | undefined,
): Cap[] {
  if (token === undefined) return [];
  const { id, name, caps } = token;
  const scope = { token: { id, name } };
  return capKinds.flatMap((kind) => {
    const limit = caps[kind];
    return limit === undefined ? [] : [{ scope, kind, limit }];
  });
}

/** What counts against a cap now, in the unit of the cap. */
export interface CapUse {
  readonly used: number;
  readonly held: number;
  /** When the cap has room again. Undefined if that depends on calls in progress. */
  readonly resetsAtMs?: number;
}

export interface CapRefusal extends CapUse {
  readonly cap: Cap;
  /** The model has no known price, so a dollar cap cannot be checked. */
  readonly unknownPrice?: true;
  /** The call alone needs more than the cap allows, so no wait helps. */
  readonly tooSmall?: true;
}

/** The most that a call may use, as far as is known before it is sent. */
export interface Demand {
  readonly inputTokens: number;
  /** The request's own limit. Undefined if it has none. */
  readonly maxOutputTokens: number | undefined;
  /** The model's limit or the default, for a request without a limit of its own. */
  readonly assumedOutputTokens: number;
  readonly price: Price | undefined;
  /** Whether a dollar cap admits a model without a known price. */
  readonly unknownPriceAllowed: boolean;
  /** No answer may exceed a cap, so what is reserved is also the limit that the provider gets. */
  readonly strict: boolean;
}

/** What one call reserves from every cap that applies. */
export interface Reservation {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Undefined if the price is unknown, which is never taken for 0. */
  readonly costMicroUsd: number | undefined;
  /** It reserves less output than the request's own limit, which is above the limit of a cap. */
  readonly short?: true;
}

/** What the ledger knows of a cap. */
export interface CapReader {
  readonly use: (cap: Cap) => CapUse;
  /** Whether a call in progress that counts against the cap has a short reservation. */
  readonly hasShortCall: (cap: Cap) => boolean;
}

/**
 * The reservation of a call, or the first cap that has no room for it. A request without a limit of its own gets what
 * is left, if that is less than what it is assumed to use.
 *
 * Many tools ask for the longest answer of their model and use little of it. If that alone is above the limit of a cap
 * that is not strict, the call reserves what it is assumed to use. Such calls can exceed the cap, so only one of them
 * runs at a time.
 */
export function reserve(
  demand: Demand,
  caps: readonly Cap[],
  reader: CapReader,
): Result<Reservation, CapRefusal> {
  const uses = caps.map((cap) => ({ cap, use: reader.use(cap) }));
  const leftForOutput = uses.map(({ cap, use }) => outputRoom(cap, cap.limit - use.used - use.held, demand));
  const declared = declaredOutput(demand);
  const above = declared === undefined ? [] : caps.filter((cap) => isAbove(cap, demand, declared));
  const assumed = Math.ceil(demand.assumedOutputTokens);
  const isShort = above.length > 0 && !demand.strict && declared !== undefined && assumed < declared;
  const outputTokens = isShort
    ? assumed
    : (declared ?? Math.max(1, Math.floor(Math.min(assumed, ...leftForOutput))));
  const cost = costOf(demand, outputTokens);
  for (const { cap, use } of uses) {
    const needed = needOf(cap.kind, demand.inputTokens + outputTokens, cost);
    if (needed === undefined) {
      if (!demand.unknownPriceAllowed) return err({ cap, ...use, unknownPrice: true });
    } else if (use.used + use.held + needed > cap.limit) {
      // With a limit of 0 no call is wanted, whatever it needs.
      const isTooSmall = cap.limit > 0 && needed > cap.limit;
      return err({ cap, ...use, ...(isTooSmall ? { tooSmall: true } : {}) });
    }
  }
  const taken = isShort ? uses.find(({ cap }) => above.includes(cap) && reader.hasShortCall(cap)) : undefined;
  // There is room as soon as that call ends, not when the day does.
  if (taken !== undefined) return err({ cap: taken.cap, used: taken.use.used, held: taken.use.held });
  const reserved = { inputTokens: demand.inputTokens, outputTokens, costMicroUsd: cost };
  return ok(isShort ? { ...reserved, short: true } : reserved);
}

/** Whether the cap could not admit the call even if nothing were used. */
function isAbove(cap: Cap, demand: Demand, outputTokens: number): boolean {
  const needed = needOf(cap.kind, demand.inputTokens + outputTokens, costOf(demand, outputTokens));
  return needed !== undefined && needed > cap.limit;
}

/** The highest cost of a call, in micro-dollars. Undefined if the price is unknown. */
function costOf({ price, inputTokens }: Demand, outputTokens: number): number | undefined {
  if (price === undefined) return undefined;
  return Math.min(answerLimits.declared, highestCostMicroUsd(price, inputTokens, outputTokens));
}

/** Never below 0, because a negative reservation would make room in every cap. */
function declaredOutput({ maxOutputTokens: declared }: Demand): number | undefined {
  if (declared === undefined || Number.isNaN(declared)) return undefined;
  return Math.ceil(Math.min(answerLimits.declared, Math.max(0, declared)));
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

/** What a call takes from a cap of this kind. Undefined for dollars if the price is unknown. */
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
