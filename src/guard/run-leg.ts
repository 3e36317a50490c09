import { sleep } from '../shared/clock.ts';
import { runAttempt, type AttemptEnd } from './attempt.ts';
import { isPassThrough, type AnyPrompt, type Call, type Part, type Target } from './call.ts';
import type { CallResult, CallState } from './call-state.ts';
import { estimateInputTokens } from './estimate.ts';
import { timeoutsInOnePiece } from './deadlines.ts';
import type { GuardPorts } from './guard-ports.ts';
import type { Admission, Settlement } from './ledger-port.ts';
import { judge } from './outcome.ts';
import { allowsNextTarget, type Refusal } from './refusal.ts';
import { retryDelayMs, type RetryBudget } from './retry.ts';
import type { TargetRules } from './rules.ts';
import { noUsage, UsageTally } from './usage-tally.ts';

/** One target of a call, with what holds for it. */
export interface Leg {
  readonly target: Target;
  readonly rules: TargetRules;
  readonly budget: RetryBudget;
  /** No other target follows, so this one is worth a retry. */
  readonly isLast: boolean;
}

export interface LegEnd {
  readonly result: CallResult;
  /** The route goes on. */
  readonly nextTarget: boolean;
}

const nothingSent: AttemptEnd = { outcome: { kind: 'aborted' }, timings: {}, status: undefined };

/** Admission, key and attempts on one target. Settles exactly once, also when the reader leaves. */
export async function* runOnTarget(
  leg: Leg,
  prompt: AnyPrompt,
  state: CallState,
  ports: GuardPorts,
): AsyncGenerator<Part, LegEnd, void> {
  const { target, rules, isLast } = leg;
  const inputEstimate = estimateInputTokens(prompt);
  const admitted = await ports.ledger.admit({
    callId: state.call.id,
    tenant: state.call.tenant,
    target,
    demand: {
      inputTokens: inputEstimate,
      maxOutputTokens: prompt.maxOutputTokens,
      assumedOutputTokens: rules.assumedOutputTokens,
      price: rules.price,
      unknownPriceAllowed: rules.unknownPriceAllowed,
    },
    caps: rules.caps,
    circuit: rules.circuit,
    configFingerprint: rules.configFingerprint,
  });
  if (!admitted.ok) {
    const nextTarget = !isLast && allowsNextTarget(admitted.error);
    return { result: await refuseCall(target, admitted.error, state, ports, nextTarget), nextTarget };
  }
  const admission = admitted.value;
  const renewal = renewWhileRunning(admission, ports);
  const tally = new UsageTally(rules.price, inputEstimate);
  let end = nothingSent;
  // What stands here if the reader leaves or a bug throws.
  let leaving: LegEnd = { result: { kind: 'aborted', target, attempts: state.attempts }, nextTarget: false };
  let settlement: Pick<Settlement, 'outcome' | 'breakerVerdict' | 'consequence'> = {
    outcome: end.outcome,
    breakerVerdict: 'none',
  };
  try {
    const key = await ports.openKey(target.provider);
    if (!key.ok) {
      settlement = { outcome: { kind: 'unsent' }, breakerVerdict: 'none' };
      leaving = {
        result: { kind: 'refused', target, refusal: key.error, attempts: state.attempts },
        nextTarget: !isLast && allowsNextTarget(key.error),
      };
      return leaving;
    }
    const strictLimit = rules.strict ? { maxOutputTokens: admission.reservation.outputTokens } : {};
    const streams = !isPassThrough(prompt) || prompt.streams;
    const timeouts = streams ? rules.timeouts : timeoutsInOnePiece(rules.timeouts);
    const plan = { target, prompt: { ...strictLimit, ...prompt }, key: key.value, timeouts };
    leg.budget.recordAttempt();
    for (;;) {
      if (state.stopped !== undefined) {
        end = { ...end, outcome: state.stopped };
        break;
      }
      end = yield* runAttempt(plan, state, tally, ports);
      if (
        end.outcome.kind === 'http' &&
        end.outcome.status === 429 &&
        end.outcome.retryAfterMs !== undefined
      ) {
        await keep(ports, ports.ledger.pauseForRateLimit(admission, end.outcome.retryAfterMs));
      }
      const waitMs = waitBeforeRetry(leg, end, admission, state, ports);
      if (waitMs === undefined) break;
      state.retries += 1;
      await sleep(ports.clock, waitMs, state.signal);
    }
    const { breakerVerdict, consequence, nextTarget } = judge(end.outcome);
    settlement = {
      outcome: end.outcome,
      breakerVerdict,
      ...(consequence === undefined ? {} : { consequence }),
    };
    leaving = {
      result: resultOf(target, end, state, tally),
      nextTarget: nextTarget && !isLast && !state.committed,
    };
    return leaving;
  } finally {
    renewal.dispose();
    const usage = tally.total();
    const record = leaving.nextTarget ? undefined : state.record(leaving.result, usage, end);
    await keep(ports, ports.ledger.settle(admission, { usage, ...settlement }, record));
  }
}

/** Ends a call that was refused before anything was held for it; the record waits if the route goes on. */
export async function refuseCall(
  target: Target,
  refusal: Refusal,
  state: CallState,
  ports: GuardPorts,
  nextTarget: boolean,
): Promise<CallResult> {
  const result: CallResult = { kind: 'refused', target, refusal, attempts: state.attempts };
  if (!nextTarget) await keep(ports, ports.ledger.record(state.record(result, noUsage, nothingSent)));
  return result;
}

/** The call is over for its user; a ledger that cannot keep what it did is trouble of its own. */
async function keep(ports: GuardPorts, written: Promise<void>): Promise<void> {
  try {
    await written;
  } catch (error) {
    ports.onLedgerTrouble(error);
  }
}

/** How long to wait before this target is tried again; undefined when it is not. */
function waitBeforeRetry(
  leg: Leg,
  end: AttemptEnd,
  admission: Admission,
  state: CallState,
  ports: GuardPorts,
): number | undefined {
  const { rules, budget, isLast } = leg;
  if (!judge(end.outcome).retry || !isLast || state.committed || state.stopped !== undefined)
    return undefined;
  // A second request of a probe would be a second probe.
  if (admission.pass.probe || state.retries >= rules.retry.retries) return undefined;
  if (!mayRepeat(state.call, end)) return undefined;
  const retryAfterMs = end.outcome.kind === 'http' ? end.outcome.retryAfterMs : undefined;
  const waitMs = retryDelayMs(state.retries + 1, rules.retry, ports.random, retryAfterMs);
  return waitMs < state.remainingMs() && budget.takeRetry(rules.retry) ? waitMs : undefined;
}

/** A request that must not act twice is repeated only if its body cannot have been acted on. */
function mayRepeat(call: Call, end: AttemptEnd): boolean {
  if (call.idempotent || end.timings.connectedMs === undefined) return true;
  return end.outcome.kind === 'http' && end.outcome.status === 429;
}

function resultOf(target: Target, end: AttemptEnd, state: CallState, tally: UsageTally): CallResult {
  const common = { target, attempts: state.attempts };
  const { timings, rateLimits } = end;
  const last = { timings, ...(rateLimits === undefined ? {} : { rateLimits }) };
  if (end.outcome.kind === 'complete') {
    return { kind: 'done', ...common, ...last, usage: tally.total() };
  }
  if (end.outcome.kind === 'aborted') return { kind: 'aborted', ...common };
  return { kind: 'failed', ...common, ...last, failure: end.outcome, afterContent: state.committed };
}

function renewWhileRunning(admission: Admission, ports: GuardPorts): { dispose(): void } {
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
