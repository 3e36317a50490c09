import type { CallResult } from './call-state.ts';
import type { Guard } from './guard.ts';

/** A guard that tells `notices` how each call ended, where nobody else does. */
export function notedGuard(
  guard: Guard,
  notices: { readonly note: (result: CallResult) => void },
): Pick<Guard, 'run'> {
  return {
    run: async function* (call) {
      const result = yield* guard.run(call);
      notices.note(result);
      return result;
    },
  };
}
