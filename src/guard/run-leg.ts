import { sleep } from '../shared/clock.ts';
import { gatewayLimits } from '../shared/limits.ts';
import { inSlices } from '../shared/slices.ts';
import { runAttempt, type AttemptEnd, type AttemptPlan } from './attempt.ts';
import { isCount, isPassThrough, type AnyPrompt, type Call, type Part, type Target } from './call.ts';
import { capsInSession, tokenCaps } from './caps.ts';
import type { CallResult, CallState } from './call-state.ts';
import { timeoutsInOnePiece } from './deadlines.ts';
import { estimateInputTokens } from './estimate.ts';
import type { GuardPorts } from './guard-ports.ts';
import type { Admission, Settlement } from './ledger-port.ts';
import { judge } from './outcome.ts';
import { allowsNextTarget, type Refusal } from './refusal.ts';
import type { ResolvedTarget } from './resolved-target.ts';
import { retryDelayMs, type RetryBudget } from './retry.ts';
import type { Credentials } from './sender-port.ts';
import { noUsage, UsageTally } from './usage-tally.ts';

/** One target of a call. */
export interface Leg<T extends ResolvedTarget> {
  readonly resolved: T;
  readonly budget: RetryBudget;
  /** No other target follows, so a retry of this one is worth its time. */
  readonly isLast: boolean;
}

const nothingSent: AttemptEnd = { outcome: { kind: 'aborted' }, sent: { timings: {} } };

/**
 * Admission, key and attempts on one target. Returns how the call ended, or undefined if the route goes on to its next
 * target. Settles exactly once, also when the reader leaves.
 */
export async function* runLeg<T extends ResolvedTarget>(
  leg: Leg<T>,
  prompt: AnyPrompt,
  state: CallState,
  ports: GuardPorts<T>,
): AsyncGenerator<Part, CallResult | undefined, void> {
  const { resolved, isLast } = leg;
  const { target } = resolved;
  // An aborted call is not sent, so its estimate does not matter.
  const inputEstimate = (await inSlices(estimateInputTokens(prompt), state.call.signal)) ?? 0;
  const isFree = isCount(prompt);
  const { token, caller, session } = state.call;
  const caps = isFree
    ? resolved.caps.filter(({ kind }) => kind === 'callsAtOnce')
    : [...capsInSession(resolved.caps, session), ...tokenCaps(token)];
  const admitted = await ports.ledger.admit({
    callId: state.call.id,
    tenant: state.call.tenant,
    target,
    ...(isFree ? { isCount: true } : {}),
    demand: {
      inputTokens: isFree ? 0 : inputEstimate,
      maxOutputTokens: isFree ? 0 : prompt.maxOutputTokens,
      assumedOutputTokens: resolved.assumedOutputTokens,
      price: resolved.price,
      unknownPriceAllowed: resolved.unknownPriceAllowed,
      strict: resolved.strict,
    },
    caps,
    // Only then the session is a reason to write a row more.
    ...(caps.some(({ scope }) => scope.session !== undefined) ? { session } : {}),
    ...(token === undefined ? {} : { token: token.id }),
    ...(caller === undefined ? {} : { caller }),
    circuit: resolved.circuit,
    configFingerprint: resolved.configFingerprint,
  });
  const mayGoOn = () => !isLast && !state.isSpent;
  if (!admitted.ok) {
    if (mayGoOn() && allowsNextTarget(admitted.error)) return undefined;
    return await refuseCall(target, admitted.error, state, ports);
  }
  const admission = admitted.value;
  const renewal = renewWhileRunning(admission, ports);
  const tally = new UsageTally(resolved.price, inputEstimate, isFree, resolved.priceSource);
  let end = nothingSent;
  // These two hold if the reader leaves or a bug throws.
  let result: CallResult | undefined = { kind: 'aborted', target, attempts: state.attempts };
  let settlement: Omit<Settlement, 'usage'> = {
    outcome: isFree ? { kind: 'unsent' } : end.outcome,
    breakerVerdict: 'none',
  };
  try {
    const opened = await state.unlessStopped(ports.openKey(resolved));
    let refusal: Refusal | undefined;
    if (opened === undefined) end = { ...end, outcome: state.stopped ?? end.outcome };
    else if (!opened.ok) refusal = opened.error;
    else {
      const plan = { ...planOf(resolved, prompt, opened.value, admission), isLast };
      leg.budget.recordAttempt();
      for (;;) {
        if (state.stopped !== undefined) {
          end = { ...end, outcome: state.stopped };
          break;
        }
        refusal = ports.recheck(resolved);
        if (refusal !== undefined) break;
        const attempted = yield* runAttempt(plan, state, tally, ports);
        if (!attempted.ok) {
          refusal = attempted.error;
          break;
        }
        end = attempted.value;
        const { retry, consequence } = judge(end.outcome);
        // What a failed attempt may have used is over the hold already, which strict caps do not allow.
        const mayRetry = !isFree && (!resolved.strict || tally.isEmpty);
        const waitMs = retry && mayRetry ? waitBeforeRetry(leg, end, admission, state, ports) : undefined;
        if (waitMs === undefined) break;
        state.retries += 1;
        if (consequence !== undefined) await keep(ports, ports.ledger.apply(admission, consequence));
        await sleep(ports.clock, waitMs, state.signal);
      }
    }
    if (refusal === undefined) {
      const { nextTarget, breakerVerdict, consequence } = judge(end.outcome);
      const { outcome } = end;
      // A count has limits of its own at the provider and says nothing about real calls.
      if (!isFree)
        settlement =
          consequence === undefined ? { outcome, breakerVerdict } : { outcome, breakerVerdict, consequence };
      if (nextTarget && mayGoOn() && !state.committed) result = undefined;
      else result = resultOf(target, end, state, tally);
    } else {
      // A refusal is the guard's own and says nothing about the provider, even after an attempt that failed.
      settlement = {
        outcome: isFree || end === nothingSent ? { kind: 'unsent' } : end.outcome,
        breakerVerdict: 'none',
      };
      if (mayGoOn() && allowsNextTarget(refusal)) result = undefined;
      else result = { kind: 'refused', target, refusal, attempts: state.attempts };
    }
    return result;
  } finally {
    renewal.dispose();
    const usage = tally.total();
    const record = result && state.record(result, usage, tally.costSource, end.sent);
    await keep(ports, ports.ledger.settle(admission, { usage, ...settlement }, record));
  }
}

/** Ends a call that was refused before anything was reserved for it. */
export async function refuseCall(
  target: Target,
  refusal: Refusal,
  state: CallState,
  ports: Pick<GuardPorts<never>, 'ledger' | 'onLedgerTrouble'>,
): Promise<CallResult> {
  const result: CallResult = { kind: 'refused', target, refusal, attempts: state.attempts };
  await keep(ports, ports.ledger.record(state.record(result, noUsage, undefined, nothingSent.sent)));
  return result;
}

/** The call is over for its user. A ledger that cannot store what the call did is reported elsewhere. */
async function keep(
  { onLedgerTrouble }: Pick<GuardPorts<never>, 'onLedgerTrouble'>,
  written: Promise<void>,
): Promise<void> {
  try {
    await written;
  } catch (error) {
    onLedgerTrouble(error);
  }
}

function planOf<T extends ResolvedTarget>(
  resolved: T,
  prompt: AnyPrompt,
  credentials: Credentials,
  { reservation }: Admission,
): Omit<AttemptPlan<T>, 'isLast'> {
  const streams = !isPassThrough(prompt) || prompt.streams;
  return {
    resolved,
    prompt: resolved.strict ? { maxOutputTokens: reservation.outputTokens, ...prompt } : prompt,
    credentials,
    timeouts: streams ? resolved.timeouts : timeoutsInOnePiece(resolved.timeouts),
  };
}

/** How long to wait before a failed attempt is repeated. Undefined if it is not repeated. */
function waitBeforeRetry<T extends ResolvedTarget>(
  { resolved: { retry }, budget, isLast }: Leg<T>,
  end: AttemptEnd,
  admission: Admission,
  state: CallState,
  ports: GuardPorts<T>,
): number | undefined {
  if (state.committed || state.stopped !== undefined || state.isSpent) return undefined;
  // This one does not repeat the request: a field of ours is left out, and the provider acted on nothing.
  if (end.outcome.kind === 'http' && end.outcome.refusedOwnField === true)
    return budget.takeRetry(retry) ? 0 : undefined;
  if (!isLast) return undefined;
  // A second request of a probe would be a second probe.
  if (admission.pass.probe || state.retries >= retry.retries) return undefined;
  if (!mayRepeat(state.call, end)) return undefined;
  const retryAfterMs = end.outcome.kind === 'http' ? end.outcome.retryAfterMs : undefined;
  if (state.call.source === 'gateway' && (retryAfterMs ?? 0) > gatewayLimits.retryWaitMs) return undefined;
  const waitMs = retryDelayMs(state.retries + 1, retry, ports.random, retryAfterMs);
  return waitMs < state.remainingMs() && budget.takeRetry(retry) ? waitMs : undefined;
}

/** A request that must not act twice is repeated only if the provider cannot have acted on its body. */
function mayRepeat(call: Call, end: AttemptEnd): boolean {
  if (call.idempotent || end.sent.timings.connectedMs === undefined) return true;
  return end.outcome.kind === 'http' && end.outcome.status === 429;
}

function resultOf(
  target: Target,
  { outcome, sent }: AttemptEnd,
  state: CallState,
  tally: UsageTally,
): CallResult {
  const common = { target, attempts: state.attempts };
  if (outcome.kind === 'complete') {
    const { kind: _kind, ...shown } = outcome;
    const { costSource } = tally;
    const done = { kind: 'done', ...common, ...sent, ...shown, usage: tally.total() } as const;
    return costSource === undefined ? done : { ...done, costSource };
  }
  if (outcome.kind === 'aborted') return { kind: 'aborted', ...common };
  return { kind: 'failed', ...common, ...sent, failure: outcome, afterContent: state.committed };
}

function renewWhileRunning(
  admission: Admission,
  ports: Pick<GuardPorts<never>, 'ledger' | 'clock' | 'onLedgerTrouble'>,
): { dispose(): void } {
  const renewLater = () =>
    ports.clock.after(admission.renewEveryMs, () => {
      void keep(ports, ports.ledger.renew(admission));
      timer = renewLater();
    });
  let timer = renewLater();
  return {
    dispose: () => {
      timer.dispose();
    },
  };
}
