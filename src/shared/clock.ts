import { toDisposable, type Disposable } from './disposable.ts';

/** Time, as it is passed to everything that depends on it. */
export interface Clock {
  /** Wall-clock time in milliseconds since 1970. May jump, in both directions. */
  nowMs(): number;
  /** Milliseconds since some start. Never goes back; may stand still while the machine sleeps. */
  monotonicMs(): number;
  /** Calls `run` once after `delayMs`, unless it is disposed before. */
  after(delayMs: number, run: () => void): Disposable;
}

/** With a longer delay, setTimeout fires at once. */
const longestDelayMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, Math.min(delayMs, longestDelayMs));
    return toDisposable(() => {
      clearTimeout(timer);
    });
  },
};

/** Resolves after `delayMs` on the clock, or at once when the signal aborts. Never rejects. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const finish = () => {
      timer.dispose();
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = clock.after(delayMs, finish);
    signal?.addEventListener('abort', finish, { once: true });
  });
}
