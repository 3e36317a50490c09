/** What a process did while it was watched. */
export interface SeenWork {
  /** The most thread CPU time that one turn of its event loop took, all its callbacks together. */
  readonly longestTurnMs: number;
  /** The turns that took more than 20 ms. */
  readonly longTurns: number;
  readonly cpuMs: number;
  /** The resident memory when the watch began, after a collection of garbage, and the most since. */
  readonly memoryBefore: number;
  readonly peakMemory: number;
  /** TCP sockets that are open now. */
  readonly sockets: number;
}

const memoryEveryMs = 2;
const longMs = 20;

/**
 * Looks once in each turn of the event loop how much CPU time the thread took since the last turn. Wall time would
 * measure the scheduler. A turn has at least one synchronous slice, so that no slice is longer than the longest turn.
 */
export class WorkWatch {
  #start = process.threadCpuUsage();
  #last = this.#start;
  #longestMs = 0;
  #longTurns = 0;
  #memoryBefore = 0;
  #peakMemory = 0;
  #memoryAtMs = 0;
  #isRunning = false;

  begin(): void {
    this.#memoryBefore = this.#peakMemory = process.memoryUsage.rss();
    this.#longestMs = 0;
    this.#longTurns = 0;
    this.#start = this.#last = process.threadCpuUsage();
    if (!this.#isRunning) setImmediate(this.#look);
    this.#isRunning = true;
  }

  get seen(): SeenWork {
    return {
      longestTurnMs: this.#longestMs,
      longTurns: this.#longTurns,
      cpuMs: msBetween(this.#start, process.threadCpuUsage()),
      memoryBefore: this.#memoryBefore,
      peakMemory: this.#peakMemory,
      sockets: process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length,
    };
  }

  readonly #look = (): void => {
    const now = process.threadCpuUsage();
    const ms = msBetween(this.#last, now);
    this.#longestMs = Math.max(this.#longestMs, ms);
    if (ms > longMs) this.#longTurns += 1;
    if (performance.now() - this.#memoryAtMs > memoryEveryMs) {
      this.#peakMemory = Math.max(this.#peakMemory, process.memoryUsage.rss());
      this.#memoryAtMs = performance.now();
    }
    this.#last = process.threadCpuUsage();
    setImmediate(this.#look).unref();
  };
}

function msBetween(from: NodeJS.CpuUsage, to: NodeJS.CpuUsage): number {
  return (to.user + to.system - from.user - from.system) / 1_000;
}
