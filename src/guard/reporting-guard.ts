import type { CallResult } from './call-state.ts';
import type { Guard } from './guard.ts';

/** A guard that tells `notices` how each call ended, where nobody else does. */
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
