import type { Secret } from '../shared/secret.ts';
import type { AnyPrompt, Part, Target } from './call.ts';
import type { PricedTokens } from './price.ts';
import type { Progress } from './deadlines.ts';
import type { Outcome } from './outcome.ts';

/** One HTTP exchange that the guard asks for. */
export interface Attempt {
  readonly target: Target;
  readonly prompt: AnyPrompt;
  /** Undefined for a provider that needs none. */
  readonly key: Secret | undefined;
  /** False: the request is sent once, as it would act twice, also where nobody knows whether it arrived. */
  readonly idempotent: boolean;
  /** Aborts the exchange, down to the socket: a deadline, or the user. */
  readonly signal: AbortSignal;
  /** Told at once, in order, so that the guard's timers run on what really happened. */
  readonly progress: (reached: Progress) => void;
}

/** Content commits the call: after it nothing is repeated. Lifecycle frames and pings are not content. */
export interface SentPart {
  readonly part: Part;
  readonly content: boolean;
}

/** Tokens as the provider reported them. `inputTokens` includes those read from its cache and written to it. */
export interface ReportedUsage extends PricedTokens {
  readonly cachedInputTokens: number;
}

export interface AttemptReport {
  readonly outcome: Outcome;
  /** The HTTP status, once headers came. */
  readonly status?: number;
  /** Absent when the provider reported none; a reported 0 is a 0. */
  readonly usage?: ReportedUsage;
  /** What the provider said of its own rate limits: its headers about them, as they are. */
  readonly rateLimits?: RateLimits;
}

export type RateLimits = Readonly<Record<string, string>>;

/**
 * Makes one attempt. The generator yields the parts as they come and returns the report; it never throws for
 * anything that the provider, the network or the signal does, and it ends soon after the signal aborts.
 */
export interface Sender {
  send(attempt: Attempt): AsyncGenerator<SentPart, AttemptReport, void>;
}
