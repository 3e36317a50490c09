import type { Clock } from '../shared/clock.ts';
import type { Secret } from '../shared/secret.ts';
import type { AnyPrompt, Part, Target } from './call.ts';
import type { CallState } from './call-state.ts';
import { AttemptDeadlines, type DeadlineName, type Timeouts, type Timings } from './deadlines.ts';
import { estimateOutputTokens } from './estimate.ts';
import type { Outcome } from './outcome.ts';
import type { AttemptReport, RateLimits, Sender } from './sender-port.ts';
import type { UsageTally } from './usage-tally.ts';

export interface AttemptPlan {
  readonly target: Target;
  readonly prompt: AnyPrompt;
  readonly key: Secret | undefined;
  readonly timeouts: Timeouts;
}

export interface AttemptEnd {
  readonly outcome: Outcome;
  readonly timings: Timings;
  readonly status: number | undefined;
  readonly rateLimits?: RateLimits;
}

/**
 * One attempt under its deadlines. Lifecycle parts are held back until the first content, which commits the call;
 * an attempt that fails before it has therefore shown nothing to the user.
 */
export async function* runAttempt(
  plan: AttemptPlan,
  state: CallState,
  tally: UsageTally,
  ports: { readonly sender: Sender; readonly clock: Clock },
): AsyncGenerator<Part, AttemptEnd, void> {
  const abort = new AbortController();
  let expired: DeadlineName | undefined;
  const deadlines = new AttemptDeadlines(plan.timeouts, ports.clock, (timer) => {
    expired = timer;
    abort.abort();
  });
  const stop = (): void => {
    abort.abort();
  };
  state.signal.addEventListener('abort', stop, { once: true });
  state.attempts += 1;
  tally.attemptStarts();
  const sent = ports.sender.send({
    target: plan.target,
    prompt: plan.prompt,
    key: plan.key,
    idempotent: state.call.idempotent,
    signal: abort.signal,
    progress: (reached) => {
      deadlines.reached(reached);
    },
  });
  const heldBack: Part[] = [];
  let report: AttemptReport | undefined;
  let outcome: Outcome = { kind: 'aborted' };
  try {
    for (let next = await sent.next(); ; next = await sent.next()) {
      if (next.done === true) {
        report = next.value;
        break;
      }
      const { part, content } = next.value;
      if (content) {
        tally.streamed(estimateOutputTokens(part));
        deadlines.content();
        if (!state.committed) state.commit();
      }
      heldBack.push(part);
      if (state.committed) yield* deliver(heldBack, deadlines);
    }
    outcome = report.outcome;
    if (outcome.kind === 'complete') yield* deliver(heldBack, deadlines);
    // Without a network it is not the provider who let the deadline pass.
    else if (expired !== undefined && outcome.kind !== 'offline')
      outcome = { kind: 'timeout', timer: expired };
    else if (state.stopped !== undefined) outcome = state.stopped;
    const { status, rateLimits } = report;
    return {
      outcome,
      timings: deadlines.timings,
      status,
      ...(rateLimits === undefined ? {} : { rateLimits }),
    };
  } finally {
    deadlines.dispose();
    state.signal.removeEventListener('abort', stop);
    tally.attemptEnds(outcome, deadlines.timings, report);
    // The reader went away in mid-answer: the exchange ends with it.
    if (report === undefined) {
      abort.abort();
      await sent.return({ outcome });
    }
  }
}

function* deliver(parts: Part[], deadlines: AttemptDeadlines): Generator<Part, void, void> {
  deadlines.pause();
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) yield part;
  deadlines.resume();
}
