import { err, ok, type Result } from '../shared/result.ts';
import type { Call, Part, Target } from './call.ts';
import { CallState, type CallResult } from './call-state.ts';
import { refuseCall, runOnTarget } from './run-leg.ts';
import type { GuardPorts } from './guard-ports.ts';
import { checkPolicy } from './policy.ts';
import type { Refusal } from './refusal.ts';
import { RetryBudget } from './retry.ts';
import type { Rulebook, TargetRules } from './rules.ts';

export interface Guard {
  /**
   * Runs one call: policy of every target, outgoing-prompt check, then for each target admission, key and
   * attempts. Yields the parts of the answer as they come and returns how it ended; it throws only for bugs.
   * Whoever stops reading early must `return()` the generator, or abort the call and read on to the end.
   */
  run(call: Call): AsyncGenerator<Part, CallResult, void>;
  /** Aborts every call, now and from now on. Resolves when all that were under way are settled. */
  shutDown(): Promise<void>;
}

interface RuledTarget {
  readonly target: Target;
  readonly rules: TargetRules;
}

export function createGuard(ports: GuardPorts): Guard {
  const budgets = new Map<string, RetryBudget>();
  const budgetOf = (provider: string): RetryBudget => {
    const budget = budgets.get(provider) ?? new RetryBudget(ports.clock);
    budgets.set(provider, budget);
    return budget;
  };

  const running = new Map<CallState, PromiseWithResolvers<undefined>>();
  let isShutDown = false;

  async function* run(call: Call): AsyncGenerator<Part, CallResult, void> {
    const state = new CallState(call, ports.clock);
    const ended = Promise.withResolvers<undefined>();
    running.set(state, ended);
    if (isShutDown) state.abort();
    try {
      const ruled = ruleAll(call, ports.rulebook);
      if (!ruled.ok) return await refuseCall(ruled.error.target, ruled.error.refusal, state, ports, false);
      const prompt = await ports.checkPrompt(call);
      if (!prompt.ok) return await refuseCall(call.targets[0], prompt.error, state, ports, false);
      const [first, ...others] = ruled.value;
      state.start(first.rules.timeouts.callMs);
      for (let here = first; ;) {
        const next = others.shift();
        const leg = { ...here, budget: budgetOf(here.target.provider), isLast: next === undefined };
        const end = yield* runOnTarget(leg, prompt.value, state, ports);
        if (next === undefined || !end.nextTarget) return end.result;
        here = next;
      }
    } finally {
      state.dispose();
      running.delete(state);
      ended.resolve(undefined);
    }
  }

  async function shutDown(): Promise<void> {
    isShutDown = true;
    for (const state of running.keys()) state.abort();
    await Promise.all([...running.values()].map(({ promise }) => promise));
  }

  return { run, shutDown };
}

/** The rules of every target, or the first refusal: a route with a denied target is wrong before it is sent. */
function ruleAll(
  call: Call,
  rulebook: Rulebook,
): Result<[RuledTarget, ...RuledTarget[]], { target: Target; refusal: Refusal }> {
  const ruleOne = (target: Target): Result<RuledTarget, { target: Target; refusal: Refusal }> => {
    const rules = rulebook.rulesFor(target, call.tenant);
    if (!rules.ok) return err({ target, refusal: rules.error });
    const denial = checkPolicy(target.model, rules.value.policy, rules.value.workspaceModels);
    if (denial !== undefined) return err({ target, refusal: { kind: 'policy', ...target, denial } });
    return ok({ target, rules: rules.value });
  };
  const [first, ...others] = call.targets;
  const ruledFirst = ruleOne(first);
  if (!ruledFirst.ok) return ruledFirst;
  const ruled: [RuledTarget, ...RuledTarget[]] = [ruledFirst.value];
  for (const target of others) {
    const next = ruleOne(target);
    if (!next.ok) return next;
    ruled.push(next.value);
  }
  return ok(ruled);
}
