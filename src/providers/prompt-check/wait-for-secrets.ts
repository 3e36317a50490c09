import type { PromptCheck } from '../../guard/guard-ports.ts';
import { sleep, type Clock } from '../../shared/clock.ts';
import { vaultLimits } from '../../shared/limits.ts';

/**
 * A check that waits until the master keys are known, so that the first prompt is compared with them, too. It waits no
 * longer than the call, and not for a disk that does not answer. `load` returns why there are none.
 */
export function waitForSecrets(
  load: () => Promise<{ readonly kind: string } | undefined>,
  clock: Clock,
  check: PromptCheck,
): PromptCheck {
  let isLoaded = false;
  return async (call) => {
    if (!isLoaded) {
      const waited = new AbortController();
      const stop = AbortSignal.any([call.signal, waited.signal]);
      const loading = load().then((problem) => {
        isLoaded = problem === undefined;
      });
      try {
        await Promise.race([loading, sleep(clock, vaultLimits.ringMs, stop)]);
      } finally {
        waited.abort();
      }
    }
    return await check(call);
  };
}
