import type { Clock } from '../shared/clock.ts';

/** By this much the ledger's time must be ahead. A clock that is set by the network goes back by less. */
export const leastAheadMs = 60_000;
/** How long the clock must run evenly before it is trusted again. */
const steadyMs = 600_000;
/** By how much it may differ from the monotonic clock meanwhile. */
const unevenMs = 5_000;

/**
 * Notices that the wall clock had jumped ahead and came back. The ledger's time never goes back by itself, so without
 * this its day would stay in the future until the clock gets there.
 */
export class ClockReturn {
  readonly #clock: Clock;
  #steadySince: { readonly monotonicMs: number; readonly offsetMs: number } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether the ledger's time should follow the clock now. Call this regularly, with the ledger's time. */
  isDue(ledgerMs: number): boolean {
    const wallMs = this.#clock.nowMs();
    const monotonicMs = this.#clock.monotonicMs();
    if (ledgerMs - wallMs < leastAheadMs) {
      this.#steadySince = undefined;
      return false;
    }
    const offsetMs = wallMs - monotonicMs;
    // A machine that slept, or a clock that was set once more, starts the time again.
    if (this.#steadySince === undefined || Math.abs(offsetMs - this.#steadySince.offsetMs) > unevenMs) {
      this.#steadySince = { monotonicMs, offsetMs };
      return false;
    }
    return monotonicMs - this.#steadySince.monotonicMs >= steadyMs;
  }
}
