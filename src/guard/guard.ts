import { err, ok, type Result } from '../shared/result.ts';
import { isPassThrough, type Call, type Part, type Target } from './call.ts';
import { CallState, type CallResult } from './call-state.ts';
import type { GuardPorts } from './guard-ports.ts';
import { checkPolicy, checkToken } from './policy.ts';
import type { Refusal } from './refusal.ts';
import type { Resolve, ResolvedTarget } from './resolved-target.ts';
import { RetryBudget } from './retry.ts';
import { refuseCall, runLeg } from './run-leg.ts';

export interface Guard<T extends ResolvedTarget = never> {
  /**
   * Runs one call: policy of every target, outgoing-prompt check, then for each target admission, key and attempts.
   * Yields the parts of the answer as they come and returns how the call ended. Throws only for bugs. A reader that
   * stops early must `return()` the generator, or abort the call and read to the end. `resolve` replaces the settings
   * for this call: a provider under set-up is tested with it.
   */
  run(call: Call, resolve?: Resolve<T>): AsyncGenerator<Part, CallResult, void>;
  /** Aborts every call, now and from now on. Resolves when all calls in progress are settled. */
  shutDown(): Promise<void>;
}

export function createGuard<T extends ResolvedTarget>(ports: GuardPorts<T>): Guard<T> {
  const budgets = new Map<string, RetryBudget>();
  const budgetOf = (provider: string): RetryBudget => {
    const budget = budgets.get(provider) ?? new RetryBudget(ports.clock);
    budgets.set(provider, budget);
    return budget;
  };

  const running = new Map<CallState, PromiseWithResolvers<undefined>>();
  let isShutDown = false;

  async function* run(call: Call, resolve = ports.resolve): AsyncGenerator<Part, CallResult, void> {
    const state = new CallState(call, ports.clock);
    const ended = Promise.withResolvers<undefined>();
    running.set(state, ended);
    if (isShutDown) state.abort();
    try {
      const all = resolveAll(call, resolve);
      if (!all.ok) return await refuseCall(all.error.target, all.error.refusal, state, ports);
      const prompt = await ports.checkPrompt(call);
      if (!prompt.ok) return await refuseCall(call.targets[0], prompt.error, state, ports);
      const [first, ...others] = all.value;
      state.start(first.timeouts.callMs);
      for (let resolved = first; ;) {
        const next = others.shift();
        const leg = { resolved, budget: budgetOf(resolved.target.provider), isLast: next === undefined };
        const result = yield* runLeg(leg, prompt.value, state, ports);
        if (result !== undefined) return result;
        if (next === undefined) throw new Error('the last leg of a call must have a result');
        resolved = next;
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

function toolModelsOf({ prompt }: Call): readonly string[] {
  return isPassThrough(prompt) ? (prompt.toolModels ?? []) : [];
}

/** Every target, or the first refusal: a route with a denied target is refused before anything is sent. */
function resolveAll<T extends ResolvedTarget>(
  call: Call,
  resolve: Resolve<T>,
): Result<[T, ...T[]], { target: Target; refusal: Refusal }> {
  const resolveOne = (target: Target): Result<T, { target: Target; refusal: Refusal }> => {
    const resolved = resolve(target, call);
    if (!resolved.ok) return err({ target, refusal: resolved.error });
    const { policy, workspaceModels } = resolved.value;
    for (const model of [target.model, ...toolModelsOf(call)]) {
      const denial = checkPolicy(model, policy, workspaceModels);
      const denied = denial ?? checkToken(call, { ...target, model });
      if (denied !== undefined)
        return err({ target, refusal: { kind: 'policy', ...target, model, denial: denied } });
    }
    return resolved;
  };
  const [first, ...others] = call.targets;
  const resolvedFirst = resolveOne(first);
  if (!resolvedFirst.ok) return resolvedFirst;
  const all: [T, ...T[]] = [resolvedFirst.value];
  for (const target of others) {
    const next = resolveOne(target);
    if (!next.ok) return next;
    all.push(next.value);
  }
  return ok(all);
}
