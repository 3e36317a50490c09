/** Percentiles of a set of measured times, in whole milliseconds; null if nothing was measured. */
export interface Percentiles {
  readonly p50: number | null;
  readonly p95: number | null;
}

export const noTimes: Percentiles = { p50: null, p95: null };

/** By nearest rank, so the result is a measured time. Sorts its argument. */
function percentilesOf(times: Float32Array): Percentiles {
  times.sort();
  const at = (share: number) => Math.round(times[Math.ceil(times.length * share) - 1] ?? 0);
  return times.length === 0 ? noTimes : { p50: at(0.5), p95: at(0.95) };
}

/**
 * The percentiles of several sets that only ever grow. A set of the same size has not changed and is not sorted
 * again.
 */
export class PercentileSets {
  readonly #known = new Map<number, { readonly count: number; readonly percentiles: Percentiles }>();

  /** `forEach` visits all times with the number of their set. It is called twice. */
  read(sets: number, forEach: (visit: (set: number, timeMs: number) => void) => void): Percentiles[] {
    const counts = new Uint32Array(sets);
    forEach((set) => {
      counts[set] = (counts[set] ?? 0) + 1;
    });
    const grown = [...counts].map((count, set) =>
      this.#known.get(set)?.count === count ? undefined : new Float32Array(count),
    );
    const filled = new Uint32Array(sets);
    if (grown.some((times) => times !== undefined)) {
      forEach((set, timeMs) => {
        const times = grown[set];
        if (times === undefined) return;
        const at = filled[set] ?? 0;
        times[at] = timeMs;
        filled[set] = at + 1;
      });
    }
    return grown.map((times, set) => {
      if (times !== undefined) {
        this.#known.set(set, { count: times.length, percentiles: percentilesOf(times) });
      }
      return this.#known.get(set)?.percentiles ?? noTimes;
    });
  }
}
