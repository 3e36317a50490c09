import { callLimits } from '../shared/limits.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { enterCircuit, type Circuit, type CircuitPass } from './breaker.ts';
import type { Cap, CapKind, CapReader, CapRefusal, Demand, Reservation } from './caps.ts';
import type { AdmitRequest } from './ledger-port.ts';
import { highestCostMicroUsd, outputTokensFor } from './price.ts';
import type { Refusal } from './refusal.ts';

/** What the ledger knows about a provider when a call asks for admission. */
export interface Standing {
  readonly circuit: Circuit;
  readonly paused: boolean;
  /** The end of the rate-limit pause of this model or of the whole key. */
  readonly rateLimitPauseUntilMs: number | undefined;
  /** The config fingerprint under which the provider reported that credit is used up. */
  readonly outOfCredit: string | undefined;
}

export interface Grant {
  /** Store it if it is not the same object as before. */
  readonly circuit: Circuit;
  readonly pass: CircuitPass;
  readonly reservation: Reservation;
}

/**
 * Decides whether a call is admitted. Pure: the ledger calls it within a transaction and writes the grant. A refusal
 * writes nothing, so a probe that a cap refuses does not take the probe's slot.
 */
export function decideAdmission(
  request: AdmitRequest,
  standing: Standing,
  caps: CapReader,
  nowMs: number,
): Result<Grant, Refusal> {
  const { provider, model } = request.target;
  if (standing.paused) return err({ kind: 'paused', provider });
  if (standing.outOfCredit === request.configFingerprint) return err({ kind: 'outOfCredit', provider });
  if (standing.rateLimitPauseUntilMs !== undefined && nowMs < standing.rateLimitPauseUntilMs) {
    return err({ kind: 'rest', provider, model, retryAtMs: standing.rateLimitPauseUntilMs });
  }
  const entered = enterCircuit(standing.circuit, request.circuit, nowMs);
  if (!entered.ok) return err({ kind: 'circuit', provider, ...entered.error });
  // A count would end the probe without a verdict.
  if (request.isCount === true && entered.value.pass.probe)
    return err({ kind: 'circuit', provider, state: 'halfOpen' });
  const reserved = reserve(request.demand, request.caps, caps);
  if (!reserved.ok) return err({ kind: 'cap', provider, ...reserved.error });
  return ok({ ...entered.value, reservation: reserved.value });
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
  return Math.min(callLimits.declared, highestCostMicroUsd(price, inputTokens, outputTokens));
}

/** Never below 0, because a negative reservation would make room in every cap. */
function declaredOutput({ maxOutputTokens: declared }: Demand): number | undefined {
  if (declared === undefined || Number.isNaN(declared)) return undefined;
  return Math.ceil(Math.min(callLimits.declared, Math.max(0, declared)));
}

/** How many output tokens a cap leaves room for. */
function outputRoom(cap: Cap, left: number, demand: Demand): number {
  switch (cap.kind) {
    case 'tokensPerDay':
    case 'tokensPerMinute':
    case 'tokensPerSession':
      return left - demand.inputTokens;
    case 'usdPerDay':
    case 'usdPerMonth':
    case 'usdPerSession':
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
    case 'tokensPerSession':
      return tokens;
    case 'usdPerDay':
    case 'usdPerMonth':
    case 'usdPerSession':
      return cost;
    case 'requestsPerDay':
    case 'requestsPerMinute':
    case 'callsAtOnce':
      return 1;
  }
}
