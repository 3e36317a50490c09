import type { Result } from '../shared/result.ts';
import type { CircuitOptions, CircuitPass } from './breaker.ts';
import type { FrontDoor, Target } from './call.ts';
import type { Cap, Demand, Reservation } from './caps.ts';
import type { BreakerVerdict, Consequence, Outcome } from './outcome.ts';
import type { Refusal, RefusalKind } from './refusal.ts';

/** What the guard needs of the durable store that all windows share. Each call is one transaction. */
export interface Ledger {
  /** Circuit, rests and every cap in one transaction: a hold is written, or nothing is. */
  admit(request: AdmitRequest): Promise<Result<Admission, Refusal>>;
  /** Puts off the expiry of a hold, and of a probe's lease, for a call that lasts. */
  renew(admission: Admission): Promise<void>;
  /** Applies a consequence of an attempt that is about to be repeated: calls of all windows must respect it at once. */
  apply(admission: Admission, consequence: Consequence): Promise<void>;
  /**
   * Puts what was really used in the place of the hold and tells the breaker, with the call's record if this
   * ends the call. Exactly once for each admission: the second time throws.
   */
  settle(admission: Admission, settlement: Settlement, record?: CallRecord): Promise<void>;
  /** The record of a call that ends without an admission to settle. */
  record(record: CallRecord): Promise<void>;
}

export interface AdmitRequest {
  readonly callId: string;
  readonly tenant: string;
  readonly target: Target;
  readonly demand: Demand;
  /** Every cap that applies to this tenant and target. */
  readonly caps: readonly Cap[];
  readonly circuit: CircuitOptions;
  /**
   * Names the provider's settings as they are now. 'Out of credit' is remembered with it, and forgotten once it
   * differs, or once the ledger hears of another key.
   */
  readonly configFingerprint: string;
}

export interface Admission {
  readonly holdId: string;
  readonly request: AdmitRequest;
  readonly pass: CircuitPass;
  readonly reservation: Reservation;
  /** How often a call that lasts has to `renew` it: well before the hold, or a probe's lease, expires. */
  readonly renewEveryMs: number;
}

/** What one call used on one target. */
export interface Usage {
  /** 1, or 0 for a call that was never sent. */
  readonly requests: 0 | 1;
  /** Cached ones included. */
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  /** Undefined where the price is unknown: never taken for 0. */
  readonly costMicroUsd: number | undefined;
  /** True where the provider reported nothing and the guard had to guess. */
  readonly estimated: boolean;
}

export interface Settlement {
  readonly usage: Usage;
  readonly outcome: Outcome | { readonly kind: 'unsent' };
  readonly breakerVerdict: BreakerVerdict;
  readonly consequence?: Consequence;
}

/** The audit row of a call. Never the prompt, never the reply. */
export interface CallRecord {
  readonly callId: string;
  readonly tenant: string;
  readonly frontDoor: FrontDoor;
  readonly caller?: string;
  readonly route?: string;
  readonly provider: string;
  readonly model: string;
  readonly outcome: 'done' | 'refused' | 'failed' | 'aborted';
  /** Why it was refused, or how it failed. */
  readonly reason?: RefusalKind | Outcome['kind'];
  readonly attempts: number;
  readonly retries: number;
  readonly status?: number;
  readonly usage: Usage;
  /** Milliseconds; the first two within the last attempt, the third over the whole call. */
  readonly headersMs?: number;
  readonly firstContentMs?: number;
  readonly totalMs: number;
}
