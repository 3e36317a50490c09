import type { Clock } from '../shared/clock.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { AnyPrompt, Part } from './call.ts';
import type { CallState, SentAttempt } from './call-state.ts';
import { AttemptDeadlines, type DeadlineName, type Timeouts, type Timings } from './deadlines.ts';
import { estimateOutputTokens } from './estimate.ts';
import { judge, type OriginMismatch, type Outcome, type Shown } from './outcome.ts';
import type { Refusal } from './refusal.ts';
import type { ResolvedTarget } from './resolved-target.ts';
import type { AttemptReport, Credentials, Sender } from './sender-port.ts';
import type { UsageTally } from './usage-tally.ts';

/** What all attempts of one leg have in common. */
export interface AttemptPlan<T extends ResolvedTarget> {
  readonly resolved: T;
  readonly prompt: AnyPrompt;
  readonly credentials: Credentials;
  readonly timeouts: Timeouts;
  /** No other target of a route follows. */
  readonly isLast: boolean;
}

/** How an attempt ended after its deadlines and the call's own end are taken into account. */
export interface AttemptEnd {
  readonly outcome: Outcome;
  readonly sent: SentAttempt;
}

/**
 * One attempt under its deadlines. Lifecycle parts are held back until the first content, which commits the call. So
 * an attempt that fails before its first content has shown nothing to the user. A refusal comes from the wire, which
 * has then sent nothing.
 */
export async function* runAttempt<T extends ResolvedTarget>(
  plan: AttemptPlan<T>,
  state: CallState,
  tally: UsageTally,
  ports: { readonly sender: Sender<T>; readonly clock: Clock },
): AsyncGenerator<Part, Result<AttemptEnd, Refusal>, void> {
  const abort = new AbortController();
  let expired: DeadlineName | undefined;
  const deadlines = new AttemptDeadlines(plan.timeouts, ports.clock, (timer) => {
    expired = timer;
    abort.abort();
  });
  state.onStop = () => {
    abort.abort();
  };
  state.attempts += 1;
  tally.attemptStarts();
  const sent = ports.sender.send({
    resolved: plan.resolved,
    prompt: plan.prompt,
    credentials: plan.credentials,
    idempotent: state.call.idempotent,
    signal: abort.signal,
    progress: (reached) => {
      deadlines.reached(reached);
    },
  });
  const heldBack: Part[] = [];
  const seen = new SeenContent();
  function* deliver(): Generator<Part, void, void> {
    if (heldBack.length > 0) state.serve(plan.resolved.target);
    deadlines.pause();
    for (let part = heldBack.shift(); part !== undefined; part = heldBack.shift()) yield part;
    deadlines.resume();
  }
  let report: AttemptReport | undefined;
  let outcome: Outcome | OriginMismatch = { kind: 'aborted' };
  try {
    for (let next = await sent.next(); ; next = await sent.next()) {
      if (next.done === true) {
        report = next.value;
        break;
      }
      const { part, content } = next.value;
      seen.add(part, content);
      if (content) {
        tally.streamed(estimateOutputTokens(part));
        deadlines.content();
        if (!state.committed) state.commit();
      }
      heldBack.push(part);
      if (state.committed) yield* deliver();
    }
    outcome = report.outcome;
    if (outcome.kind === 'origin') return err({ ...outcome, provider: plan.resolved.target.provider });
    if (outcome.kind === 'complete') {
      const finish = seen.shown.finish ?? report.finish;
      outcome = { ...outcome, ...seen.shown, ...(finish === undefined ? {} : { finish }) };
      // What has nothing in it is not shown if another target may have something.
      if (plan.isLast || state.isSpent || !judge(outcome).nextTarget) yield* deliver();
    }
    // Without a network it is not the provider that missed the deadline.
    else if (expired !== undefined && outcome.kind !== 'offline')
      outcome = { kind: 'timeout', timer: expired };
    else if (state.stopped !== undefined) outcome = state.stopped;
    return ok({ outcome, sent: sentOf(deadlines.timings, report) });
  } finally {
    deadlines.dispose();
    state.onStop = undefined;
    tally.attemptEnds(outcome, deadlines.timings, report);
    // The reader left in the middle of the answer: end the exchange too.
    if (report === undefined) {
      abort.abort();
      await sent.return({ outcome });
    }
  }
}

function sentOf(timings: Timings, report: AttemptReport): SentAttempt {
  const { status, rateLimits, requestId, learntQuirks } = report;
  return {
    timings,
    ...(status === undefined ? {} : { status }),
    ...(rateLimits === undefined ? {} : { rateLimits }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(learntQuirks === undefined ? {} : { learntQuirks }),
  };
}

/** What the parts of one answer have in them. */
class SeenContent {
  #hasReasoning = false;
  #hasAnswer = false;
  #finish: Shown['finish'];

  add(part: Part, content: boolean): void {
    if (part.type === 'finish') this.#finish = part.finishReason.unified;
    if (content && part.type === 'reasoning-delta') this.#hasReasoning = true;
    else if (content || startsTool(part)) this.#hasAnswer = true;
  }

  get shown(): Shown {
    return {
      ...(this.#hasAnswer ? {} : { only: this.#hasReasoning ? 'reasoning' : 'nothing' }),
      ...(this.#finish === undefined ? {} : { finish: this.#finish }),
    };
  }
}

/** A tool call without arguments has no content before its end. */
function startsTool(part: Part): boolean {
  if (part.type === 'bytes') return Buffer.from(part.bytes).includes('"tool');
  return part.type === 'tool-input-start';
}
