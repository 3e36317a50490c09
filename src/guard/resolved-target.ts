import type { Result } from '../shared/result.ts';
import type { CircuitOptions } from './breaker.ts';
import type { Call, Target } from './call.ts';
import type { Cap } from './caps.ts';
import type { ModelPolicy } from './policy.ts';
import type { Price, PriceSource } from './price.ts';
import type { Refusal } from './refusal.ts';

/** The five timers, in milliseconds. */
export interface Timeouts {
  /** To the socket's `connect` or `secureConnect`, a proxy's CONNECT included. */
  readonly connectMs: number;
  /** Silence between bytes after the first content. Pings count as bytes. */
  readonly readMs: number;
  /** From the last byte of the request to the response headers. */
  readonly headersMs: number;
  /** From the last byte of the request to the first content. */
  readonly firstContentMs: number;
  /** The whole call with its retries, waits and route. Off after the first content. */
  readonly callMs: number;
}

export const defaultTimeouts: Timeouts = {
  connectMs: 5_000,
  readMs: 30_000,
  headersMs: 120_000,
  firstContentMs: 300_000,
  callMs: 1_800_000,
};

export interface RetryOptions {
  /** How often an attempt may be repeated within one call. 0 turns retries off. */
  readonly retries: number;
  readonly baseMs: number;
  readonly capMs: number;
  /** The share, from 0 to 1, of a provider's attempts in the last minute that may be retries. */
  readonly budgetShare: number;
  /** This many retries are allowed whatever the share, so that a cold start can retry. */
  readonly budgetFloor: number;
}

export const defaultRetryOptions: RetryOptions = {
  retries: 2,
  baseMs: 500,
  capMs: 8_000,
  budgetShare: 0.2,
  budgetFloor: 10,
};

/**
 * One target of a call with everything that the settings say about it, looked up once. A room below adds what its key
 * opener and sender need. Frozen: settings that change later do not change a call in progress.
 */
export interface ResolvedTarget {
  /** Its model has the name that the call is counted under, whatever the spelling that was asked for. */
  readonly target: Target;
  /** The model as the provider's requests name it. */
  readonly wireModel: string;
  readonly policy: ModelPolicy;
  /** Each list of `callguard.workspace.models` that applies. A list can only take models away. */
  readonly workspaceModels: readonly (readonly string[])[];
  readonly caps: readonly Cap[];
  readonly circuit: CircuitOptions;
  readonly timeouts: Timeouts;
  readonly retry: RetryOptions;
  readonly price: Price | undefined;
  /** Undefined if the price is. */
  readonly priceSource: PriceSource | undefined;
  readonly unknownPriceAllowed: boolean;
  /** How many output tokens to reserve for a request without a limit of its own. */
  readonly assumedOutputTokens: number;
  /** Send the reserved output tokens as the request's limit, so that the actual use cannot exceed a cap. */
  readonly strict: boolean;
  /** See `AdmitRequest.configFingerprint`. */
  readonly configFingerprint: string;
}

/** Refuses a provider that does not exist, is disabled, or has broken settings. */
export type Resolve<T extends ResolvedTarget> = (target: Target, call: Call) => Result<T, Refusal>;
