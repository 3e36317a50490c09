import type { Target } from './call.ts';
import type { CallResult } from './call-state.ts';
import type { Guard } from './guard.ts';
import type { ResolvedTarget } from './resolved-target.ts';

/** A guard that is loaded with its first call, because activation makes no call. */
export function createLazyGuard<T extends ResolvedTarget>(load: () => Promise<Guard<T>>): Guard<T> {
  let loading: Promise<Guard<T>> | undefined;
  const loaded = () => (loading ??= load());
  return {
    run: async function* (call, resolve) {
      const guard = await loaded();
      return yield* guard.run(call, resolve);
    },
    // Load the guard even now, so that a later call finds it shut down.
    shutDown: async () => {
      const guard = await loaded();
      await guard.shutDown();
    },
  };
}

/**
 * A guard that sees no secret in the name of a provider, a model or a caller. A client with mixed-up settings may send a
 * key as the model, and names are stored and shown. Policy refuses the mask, which no name contains.
 */
export function maskingGuard<T extends ResolvedTarget>(
  guard: Guard<T>,
  maskSecrets: (name: string) => string,
): Guard<T> {
  const masked = ({ provider, model }: Target): Target => ({
    provider: maskSecrets(provider),
    model: maskSecrets(model),
  });
  return {
    ...guard,
    run: (call, resolve) => {
      const [first, ...others] = call.targets;
      const { caller, asked } = call;
      const named = {
        ...call,
        ...(caller === undefined ? {} : { caller: maskSecrets(caller) }),
        ...(asked === undefined ? {} : { asked: maskSecrets(asked) }),
      };
      return guard.run({ ...named, targets: [masked(first), ...others.map(masked)] }, resolve);
    },
  };
}

/** A guard that reports the result of each call. For a front door that shows no results itself. */
export function reportingGuard(
  guard: Guard,
  notices: { readonly report: (result: CallResult) => void },
): Pick<Guard, 'run'> {
  return {
    run: async function* (call) {
      const result = yield* guard.run(call);
      notices.report(result);
      return result;
    },
  };
}
