import type { Clock } from '../shared/clock.ts';
import { gatewayLimits } from '../shared/limits.ts';
import { assertNever } from '../shared/result.ts';
import type { Disposable } from '../shared/disposable.ts';
import { isPassThrough, type Call, type Target } from './call.ts';
import type { Timings } from './deadlines.ts';
import type { CallRecord, CostSource, Usage } from './ledger-port.ts';
import { codeOf, type Failure, type Outcome, type Shown } from './outcome.ts';
import type { Refusal } from './refusal.ts';
import type { LearntQuirks, RateLimits } from './sender-port.ts';

/** What is known of an attempt that was sent. */
export interface SentAttempt {
  readonly timings: Timings;
  /** The HTTP status, once headers came. */
  readonly status?: number;
  readonly rateLimits?: RateLimits;
  /** By this the provider's support finds the request. */
  readonly requestId?: string;
  readonly learntQuirks?: LearntQuirks;
}

/** How a call ended. */
export type CallResult = { readonly target: Target; readonly attempts: number } & (
  | ({ readonly kind: 'done'; readonly usage: Usage; readonly costSource?: CostSource } & SentAttempt & Shown)
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | ({ readonly kind: 'failed'; readonly failure: Failure; readonly afterContent: boolean } & SentAttempt)
  | { readonly kind: 'aborted' }
);

/** The state of one call over its attempts and targets: deadline, retries, and whether it is committed. */
export class CallState implements Disposable {
  readonly call: Call;
  attempts = 0;
  retries = 0;
  readonly #clock: Clock;
  readonly #startMs: number;
  #abortController: AbortController | undefined;
  #deadlineMs = Infinity;
  #timer: Disposable | undefined;
  #committed = false;
  #served = false;
  #stopped: Outcome | undefined;
  /**
   * Called when the call is stopped. One slot is enough, because a call does one thing at a time. It costs less than a
   * listener on `signal` for each step of each call.
   */
  onStop: (() => void) | undefined;

  constructor(call: Call, clock: Clock) {
    this.call = call;
    this.#clock = clock;
    this.#startMs = clock.monotonicMs();
    if (call.signal.aborted) this.#abort();
    else call.signal.addEventListener('abort', this.#abort, { once: true });
  }

  /** Starts the deadline of the whole call. The time in which the user was asked about the prompt does not count. */
  start(callMs: number): void {
    this.#deadlineMs = this.#clock.monotonicMs() + callMs;
    this.#timer = this.#clock.after(callMs, () => {
      this.#end({ kind: 'timeout', timer: 'call' });
    });
  }

  /** Why the call must end now: the user went away, or its deadline passed. */
  get stopped(): Outcome | undefined {
    return this.#stopped;
  }

  /** Aborts when the call is stopped. */
  get signal(): AbortSignal {
    this.#abortController ??= new AbortController();
    if (this.#stopped !== undefined) this.#abortController.abort();
    return this.#abortController.signal;
  }

  /** The result of `work`, or undefined once the call is stopped. A later result or error of `work` is dropped. */
  unlessStopped<T>(work: Promise<T>): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      this.onStop = () => {
        resolve(undefined);
      };
      work.then(resolve, reject);
      if (this.#stopped !== undefined) this.onStop();
    });
  }

  /** The first part of this target's answer is about to go to the user. */
  serve(target: Target): void {
    if (this.#served) return;
    this.#served = true;
    this.call.onServed?.(target);
  }

  /** Content has gone to the user. From here on nothing is repeated and the call has no deadline. */
  commit(): void {
    this.#committed = true;
    this.#timer?.dispose();
  }

  get committed(): boolean {
    return this.#committed;
  }

  /** Clients of the gateway retry, too, and each of their requests must not become many. */
  get isSpent(): boolean {
    return this.call.source === 'gateway' && this.attempts >= gatewayLimits.attempts;
  }

  remainingMs(): number {
    return this.#deadlineMs - this.#clock.monotonicMs();
  }

  record(
    result: CallResult,
    usage: Usage,
    costSource: CostSource | undefined,
    last: SentAttempt,
  ): CallRecord {
    const { id: callId, tenant, frontDoor, caller, route, token, session, prompt } = this.call;
    const operation = isPassThrough(prompt) ? prompt.operation : undefined;
    const reason = reasonOf(result);
    const code = result.kind === 'failed' ? codeOf(result.failure) : undefined;
    const finish = result.kind === 'done' ? result.finish : undefined;
    const { headersMs, firstContentMs } = last.timings;
    return {
      callId,
      tenant,
      frontDoor,
      ...(caller === undefined ? {} : { caller }),
      ...(route === undefined ? {} : { route }),
      ...(token === undefined ? {} : { token: token.id }),
      ...(session === undefined ? {} : { session }),
      ...(operation === undefined ? {} : { operation }),
      ...result.target,
      outcome: result.kind,
      ...(reason === undefined ? {} : { reason }),
      ...(code === undefined ? {} : { code }),
      ...(finish === undefined ? {} : { finish }),
      ...(this.#isRepeated(result) ? { repeated: true } : {}),
      attempts: this.attempts,
      retries: this.retries,
      ...(last.status === undefined ? {} : { status: last.status }),
      ...(last.requestId === undefined ? {} : { requestId: last.requestId }),
      usage,
      ...(costSource === undefined ? {} : { costSource }),
      ...(headersMs === undefined ? {} : { headersMs }),
      ...(firstContentMs === undefined ? {} : { firstContentMs }),
      totalMs: this.#clock.monotonicMs() - this.#startMs,
    };
  }

  #isRepeated(result: CallResult): boolean {
    if (result.kind !== 'refused' || !isFinal(result.refusal)) return false;
    return this.call.isRepeated?.(result.refusal.kind, result.target) === true;
  }

  /** Ends the call as if its user went away. */
  abort(): void {
    this.#abort();
  }

  dispose(): void {
    this.#timer?.dispose();
    this.call.signal.removeEventListener('abort', this.#abort);
  }

  readonly #abort = (): void => {
    this.#end({ kind: 'aborted' });
  };

  #end(why: Outcome): void {
    if (this.#stopped !== undefined) return;
    this.#stopped = why;
    this.onStop?.();
    this.#abortController?.abort();
  }
}

function reasonOf(result: CallResult): CallRecord['reason'] {
  if (result.kind === 'refused') return result.refusal.kind;
  return result.kind === 'failed' ? result.failure.kind : undefined;
}

/** Whether it lasts until a user does something. */
export function isFinal(refusal: Refusal): boolean {
  switch (refusal.kind) {
    case 'settings':
    case 'policy':
    case 'paused':
    case 'vault':
    case 'origin':
    case 'promptSecret':
    case 'outOfCredit':
      return true;
    case 'circuit':
      return refusal.state === 'forcedOpen';
    case 'cap':
      return refusal.tooSmall === true || refusal.unknownPrice === true;
    case 'rest':
    case 'ledger':
      return false;
    default:
      return assertNever(refusal);
  }
}
