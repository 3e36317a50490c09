import type { BoundKey } from '../shared/bound-key.ts';
import type { AnyPrompt, Part } from './call.ts';
import type { Progress } from './deadlines.ts';
import type { OriginMismatch, Outcome, Shown } from './outcome.ts';
import type { PricedTokens } from './price.ts';
import type { ResolvedTarget } from './resolved-target.ts';

/** The secrets of one leg's requests. The wire sends each one to its own origin only. */
export interface Credentials {
  /** Undefined for a provider that needs no key. */
  readonly key: BoundKey | undefined;
  /** By the name of the header in lower case. */
  readonly headers: Readonly<Record<string, BoundKey>>;
}

/** One HTTP exchange that the guard asks for. */
export interface Attempt<T extends ResolvedTarget> {
  readonly resolved: T;
  readonly prompt: AnyPrompt;
  readonly credentials: Credentials;
  /** False: send the request only once, even if it is unclear whether it arrived. It would act twice. */
  readonly idempotent: boolean;
  /** A deadline, or the user. Aborts the exchange and closes its socket. */
  readonly signal: AbortSignal;
  /** Called at once and in order: the guard's timers depend on it. */
  readonly progress: (reached: Progress) => void;
}

/** Content commits the call: nothing is repeated after it. Lifecycle frames and pings are not content. */
export interface SentPart {
  readonly part: Part;
  readonly content: boolean;
}

/**
 * Tokens as the provider reported them. `inputTokens` includes those read from its cache and written to it. A figure that
 * is absent was not reported, or made no sense.
 */
export interface ReportedUsage extends Partial<PricedTokens> {
  readonly cachedInputTokens: number;
  /** What the provider itself charges for the call. */
  readonly costMicroUsd?: number;
}

/** What the sender reports to the guard about one attempt. */
export interface AttemptReport {
  readonly outcome: Outcome | OriginMismatch;
  /** The HTTP status, once headers came. */
  readonly status?: number;
  /** Absent if the provider reported none. A reported 0 is a 0. */
  readonly usage?: ReportedUsage;
  /** The provider's headers about its own rate limits, unchanged. */
  readonly rateLimits?: RateLimits;
  /** By this the provider's support finds the request. */
  readonly requestId?: string;
  /** What the sender has learnt of the server, by the names of the setting `quirks`. */
  readonly learntQuirks?: LearntQuirks;
  /** Why the model stopped, for an answer whose parts do not say it. */
  readonly finish?: Shown['finish'];
}

export type LearntQuirks = Readonly<Record<string, unknown>>;

export type RateLimits = Readonly<Record<string, string>>;

/** The headers of a provider's answer that a client of the gateway gets, too. */
export function handedOn({
  requestId,
  rateLimits,
}: Pick<AttemptReport, 'requestId' | 'rateLimits'>): Record<string, string> {
  return { ...rateLimits, ...(requestId === undefined ? {} : { 'request-id': requestId }) };
}

/**
 * Makes one attempt. The generator yields the parts as they come and returns the report. It never throws because of
 * the provider, the network or the signal, and it ends soon after the signal aborts.
 */
export interface Sender<T extends ResolvedTarget> {
  send(attempt: Attempt<T>): AsyncGenerator<SentPart, AttemptReport, void>;
}
