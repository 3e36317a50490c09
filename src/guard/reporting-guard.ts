import type { CallResult } from './call-state.ts';
import type { Guard } from './guard.ts';

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
