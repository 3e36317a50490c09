import type { Result } from '../shared/result.ts';
import type { CircuitOptions, CircuitPass } from './breaker.ts';
import type { FrontDoor, Operation, Target } from './call.ts';
import type { Cap, Demand, Reservation } from './caps.ts';
import type { BreakerVerdict, Consequence, Outcome, Shown } from './outcome.ts';
import type { Refusal, RefusalKind } from './refusal.ts';

/** What the guard needs from the durable store that all windows share. Each method is one transaction. */
export interface Ledger {
  /** Checks circuit, rate-limit pauses and every cap in one transaction. Writes a hold or nothing. */
  admit(request: AdmitRequest): Promise<Result<Admission, Refusal>>;
  /** Extends the hold, and the lease of a probe, for a call that is still running. */
  renew(admission: Admission): Promise<void>;
  /** Applies a consequence before an attempt is repeated, because the calls of all windows must respect it at once. */
  apply(admission: Admission, consequence: Consequence): Promise<void>;
  /**
   * Replaces the hold by what was used and reports to the breaker. Also writes the call's record, if the call ends with
   * this. Throws if the admission was settled before.
   */
  settle(admission: Admission, settlement: Settlement, record?: CallRecord): Promise<void>;
  /** Writes the record of a call that ends without an admission to settle. */
  record(record: CallRecord): Promise<void>;
}

export interface AdmitRequest {
  readonly callId: string;
  readonly tenant: string;
  readonly target: Target;
  readonly demand: Demand;
  /** The id of the gateway's token. */
  readonly token?: string;
  readonly caller?: string;
  /** The session that a cap counts. Absent if none does. */
  readonly session?: string | undefined;
  /** A count of tokens: it takes no request from a cap, and no probe. */
  readonly isCount?: true;
  /** The caps that apply to this tenant and target. */
  readonly caps: readonly Cap[];
  readonly circuit: CircuitOptions;
  /**
   * Identifies the provider's current settings. The ledger stores 'out of credit' with it. That ends once the
   * fingerprint differs, or once the provider has another key.
   */
  readonly configFingerprint: string;
}

export interface Admission {
  readonly holdId: string;
  readonly request: AdmitRequest;
  readonly pass: CircuitPass;
  readonly reservation: Reservation;
  /** How often a running call must `renew` the admission, so that neither its hold nor its probe's lease expires. */
  readonly renewEveryMs: number;
}

/** What one call used on one target. */
export interface Usage {
  /** 0 for a call that was never sent. */
  readonly requests: 0 | 1;
  /** Includes cached ones. */
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  /** Undefined if the price is unknown, which is never taken for 0. */
  readonly costMicroUsd: number | undefined;
  /** True if the provider reported nothing and the guard estimated. */
  readonly estimated: boolean;
}

/**
 * Where a cost comes from: a model whose calls cost nothing, the provider's own figure, the user's price, or the public
 * list. The least certain comes last.
 */
export const costSources = ['free', 'provider', 'settings', 'priceList', 'unknown'] as const;

/** Of several attempts, the least certain source. */
export type CostSource = (typeof costSources)[number];

export interface Settlement {
  readonly usage: Usage;
  readonly outcome: Outcome | { readonly kind: 'unsent' };
  readonly breakerVerdict: BreakerVerdict;
  readonly consequence?: Consequence;
}

/** The audit row of a call. It never has the prompt or the reply. */
export interface CallRecord {
  readonly callId: string;
  readonly tenant: string;
  readonly frontDoor: FrontDoor;
  readonly caller?: string;
  readonly route?: string;
  /** The id of the gateway's token. */
  readonly token?: string;
  /** The session of the tool: the beginning of a keyed hash. */
  readonly session?: string;
  /** Absent for an answer to messages. */
  readonly operation?: Operation;
  readonly provider: string;
  readonly model: string;
  readonly outcome: 'done' | 'refused' | 'failed' | 'aborted';
  /** Why it was refused, or how it failed. */
  readonly reason?: RefusalKind | Outcome['kind'];
  /** The provider's own code or type of the error. */
  readonly code?: string;
  /** Why the model stopped. */
  readonly finish?: Shown['finish'];
  /** A tool sent a request again that was refused for good. */
  readonly repeated?: true;
  readonly attempts: number;
  readonly retries: number;
  readonly status?: number;
  /** By this the provider's support finds the last request. */
  readonly requestId?: string;
  readonly usage: Usage;
  /** Absent for a call that was never sent. */
  readonly costSource?: CostSource;
  /** In milliseconds. The first two are those of the last attempt, the third is that of the whole call. */
  readonly headersMs?: number;
  readonly firstContentMs?: number;
  readonly totalMs: number;
}
