import { existsSync, readFileSync } from 'node:fs';

const schedulerFile = '/proc/thread-self/schedstat';
const waitIsKnown = existsSync(schedulerFile);

/** Milliseconds in which this thread could run but the system ran others. 0 if the system does not report that. */
function waitedForCpuMs(): number {
  return waitIsKnown ? Number(readFileSync(schedulerFile, 'utf8').split(' ')[1]) / 1e6 : 0;
}

export interface Blocked {
  /** The longest time between two turns of the event loop. */
  readonly longestMs: number;
  /** The same without the time in which other processes had the processor. */
  readonly longestOwnMs: number;
}

/** Measures how long the event loop is blocked. Call the result to stop. */
export function watchLoop(): () => Blocked {
  let longestMs = 0;
  let longestOwnMs = 0;
  let lastMs = performance.now();
  let lastWaitedMs = waitedForCpuMs();
  const turn = () => {
    const nowMs = performance.now();
    const waitedMs = waitedForCpuMs();
    longestMs = Math.max(longestMs, nowMs - lastMs);
    longestOwnMs = Math.max(longestOwnMs, nowMs - lastMs - (waitedMs - lastWaitedMs));
    lastMs = nowMs;
    lastWaitedMs = waitedMs;
    next = setImmediate(turn);
  };
  let next = setImmediate(turn);
  return () => {
    clearImmediate(next);
    return { longestMs, longestOwnMs };
  };
}
