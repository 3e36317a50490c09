import { sliceLimits } from './limits.ts';

/** Work in short steps: each `next()` does one of them, and the last one returns the result. */
export type Work<T> = Generator<void, T, void>;

/** Who waits for a turn, in order. All work of this thread shares it: each turn of the event loop has one slice. */
const waiting: (() => void)[] = [];

/** Resolves in a later turn of the event loop, after the input and output that has come in. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(giveTurn);
  });
}

function giveTurn(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(giveTurn);
}

let turnBeganMs: number | undefined;

/**
 * Whether this turn of the event loop has taken long, since it was asked first. One turn may bring the data of many
 * sockets, and many chunks of each.
 */
export function isTurnLong(): boolean {
  const nowMs = performance.now();
  if (turnBeganMs === undefined) {
    turnBeganMs = nowMs;
    setImmediate(() => {
      turnBeganMs = undefined;
    });
  }
  return nowMs - turnBeganMs > sliceLimits.turnMs;
}

/**
 * Does the work in slices of about a millisecond, with other work in between. Short work does not wait at all.
 * Undefined if the signal aborts before it is done.
 */
export async function inSlices<T>(work: Work<T>, signal: AbortSignal): Promise<T | undefined> {
  let step = runFor(work, sliceLimits.firstMs);
  while (step.done !== true) {
    await nextTurn();
    if (signal.aborted) return undefined;
    step = runFor(work, sliceLimits.ms);
  }
  return step.value;
}

/** Works on for about this time. */
export function runFor<T>(work: Work<T>, ms: number): IteratorResult<void, T> {
  const endMs = performance.now() + ms;
  for (;;) {
    const step = work.next();
    if (step.done === true || performance.now() >= endMs) return step;
  }
}
