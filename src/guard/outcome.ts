import type { Wording } from '../shared/l10n.ts';
import { assertNever } from '../shared/result.ts';

/** The timers of an attempt, and `call`, that of the whole call. */
export type DeadlineName = 'connect' | 'read' | 'headers' | 'firstContent' | 'call';

/**
 * What a provider says about an error, in its headers and its body. It stays one value from the wire to the audit row,
 * the client and the user. Every text is sanitized, on one line and short.
 */
export interface ProviderError {
  /** For users. Empty if the provider sent none. It may quote the prompt, so no audit row has it. */
  readonly message: string;
  /** The HTTP status, or the one that an error in a success stands for. Absent if that is unknown. */
  readonly status?: number;
  /** The innermost code, such as `context_length_exceeded`. */
  readonly code?: string;
  /** The innermost type, such as `invalid_request_error`. */
  readonly type?: string;
  /** By this the provider's support finds the request. */
  readonly requestId?: string;
  /** For how long the provider wants no more requests. */
  readonly retryAfterMs?: number;
}

/** How one attempt ended, as the wire saw it. A `problem` is in Callguard's own words. */
export type Outcome =
  | ({ readonly kind: 'complete' } & Shown)
  | { readonly kind: 'connection'; readonly problem: Wording }
  | { readonly kind: 'offline'; readonly problem: Wording }
  | { readonly kind: 'timeout'; readonly timer: DeadlineName }
  | ({
      readonly kind: 'http';
      readonly status: number;
      /** A 403 that is about the key or its permission. */
      readonly keyRejected?: true;
      /** Fields of the request that the provider does not take. The sender knows whose they are. */
      readonly refusedFields?: readonly string[];
      /** The provider refused a field that Callguard had added. Another attempt goes without it. */
      readonly refusedOwnField?: true;
    } & ProviderError)
  | ({ readonly kind: 'outOfCredit'; readonly status: number } & ProviderError)
  | { readonly kind: 'cut'; readonly problem: Wording }
  | ({ readonly kind: 'errorEvent' } & ProviderError)
  | { readonly kind: 'malformed'; readonly problem: Wording }
  | { readonly kind: 'redirect'; readonly status: number; readonly problem: Wording }
  /** The request could not be made, for example because the dialect does not support a part of it. */
  | { readonly kind: 'unsendable'; readonly problem: Wording }
  /** The provider works, but refused to answer this prompt or this user. */
  | ({ readonly kind: 'declined' } & ProviderError)
  | { readonly kind: 'aborted' };

/** What a complete answer had in it. */
export interface Shown {
  /** Absent if there was an answer: text, a tool call, a file. */
  readonly only?: 'reasoning' | 'nothing';
  /** Why the model stopped, for a translated prompt. */
  readonly finish?: 'stop' | 'length' | 'content-filter' | 'tool-calls' | 'error' | 'interrupted' | 'other';
}

/** The wire sent nothing: a secret of the request is bound to another origin. The guard refuses the call. */
export interface OriginMismatch {
  readonly kind: 'origin';
  readonly approved: string;
  readonly asked: string;
}

export type Failure = Exclude<Outcome, { kind: 'complete' } | { kind: 'aborted' }>;

/** What of an error may be stored, as it cannot quote the prompt. */
export interface ErrorReference {
  readonly code?: string;
  readonly requestId?: string;
}

/** The provider's own name for what went wrong. */
export function codeOf(failure: Failure): string | undefined {
  return 'message' in failure ? (failure.code ?? failure.type) : undefined;
}

/** The provider's code, or else the type, and the ID of the request. Empty for a failure that it did not word. */
export function referenceOf(outcome: Outcome | { readonly kind: 'unsent' }): ErrorReference {
  if (!('message' in outcome)) return {};
  const code = codeOf(outcome);
  const { requestId } = outcome;
  return { ...(code === undefined ? {} : { code }), ...(requestId === undefined ? {} : { requestId }) };
}

/**
 * What a breaker learns from an outcome. `answered` is neutral, but shows that the provider answers, which is enough
 * for a probe. `none` says nothing about the provider.
 */
export type BreakerVerdict = 'success' | 'failure' | 'answered' | 'none';

/** What else an outcome means for the provider, its key or one of its models. */
export type Consequence =
  /** The provider asked for no more requests to the model, with this key, for this time. */
  | ({ readonly kind: 'rateLimitPause'; readonly forMs: number } & ErrorReference)
  | { readonly kind: 'outOfCredit' }
  | { readonly kind: 'keyRejected' }
  | { readonly kind: 'offline' };

export interface Judgement {
  /** May be repeated before the first content, if budget and deadline allow. */
  readonly retry: boolean;
  readonly breakerVerdict: BreakerVerdict;
  readonly consequence?: Consequence;
  /** The next target of a route may be tried before the first content. */
  readonly nextTarget: boolean;
}

const transientStatus = new Set([408, 500, 502, 503, 504, 529]);

const failed: Judgement = { retry: true, breakerVerdict: 'failure', nextTarget: true };
const failedForGood: Judgement = { retry: false, breakerVerdict: 'failure', nextTarget: true };

/** The only place that judges an outcome. It does not know whether content went to the user before. */
export function judge(outcome: Outcome): Judgement {
  switch (outcome.kind) {
    case 'complete':
      if (outcome.only !== 'nothing') return { retry: false, breakerVerdict: 'success', nextTarget: false };
      // Another model may answer, but none may get around a filter.
      return { retry: false, breakerVerdict: 'answered', nextTarget: outcome.finish !== 'content-filter' };
    case 'aborted':
      return { retry: false, breakerVerdict: 'none', nextTarget: false };
    case 'connection':
    case 'cut':
    case 'errorEvent':
    case 'malformed':
      return failed;
    case 'offline':
      // A machine without a network must not open every circuit.
      return { retry: false, breakerVerdict: 'none', consequence: { kind: 'offline' }, nextTarget: true };
    case 'timeout':
      // The call's own deadline says nothing about the provider and leaves no time for another attempt.
      return outcome.timer === 'call' ? { retry: false, breakerVerdict: 'none', nextTarget: false } : failed;
    case 'unsendable':
      return { retry: false, breakerVerdict: 'none', nextTarget: true };
    case 'declined':
      return { retry: false, breakerVerdict: 'answered', nextTarget: true };
    case 'redirect':
      return { retry: false, breakerVerdict: 'answered', nextTarget: false };
    case 'outOfCredit':
      return {
        retry: false,
        breakerVerdict: 'answered',
        consequence: { kind: 'outOfCredit' },
        nextTarget: true,
      };
    case 'http':
      return judgeStatus(outcome);
    default:
      return assertNever(outcome);
  }
}

function judgeStatus(outcome: Outcome & { kind: 'http' }): Judgement {
  const { status, retryAfterMs, keyRejected, refusedOwnField } = outcome;
  if (refusedOwnField === true) return { retry: true, breakerVerdict: 'answered', nextTarget: false };
  if (transientStatus.has(status)) return failed;
  // Other 5xx (501, 505 …) are the provider's fault, but the same request would fail again.
  if (status >= 500) return failedForGood;
  if (status === 409 || status === 429) {
    const busy = { retry: true, breakerVerdict: 'answered', nextTarget: true } as const;
    if (status === 409 || retryAfterMs === undefined) return busy;
    return {
      ...busy,
      consequence: { kind: 'rateLimitPause', forMs: retryAfterMs, ...referenceOf(outcome) },
    };
  }
  if (status === 401 || keyRejected === true) {
    return {
      retry: false,
      breakerVerdict: 'answered',
      consequence: { kind: 'keyRejected' },
      nextTarget: false,
    };
  }
  return { retry: false, breakerVerdict: 'answered', nextTarget: false };
}
