import type { Clock } from '../../shared/clock.ts';

/**
 * The time of the ledger: the wall clock, but never earlier than the latest time that any window has seen. After the
 * clock was set back, time goes on from that latest time at the pace of the monotonic clock, until the ledger follows
 * a clock that came back.
 */
export class LedgerTime {
  readonly #clock: Clock;
  #floorMs = -Infinity;
  #floorAtMs = 0;
  #returns = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Milliseconds since 1970. `seenMs` is the latest time in the ledger, and `returns` how often the ledger has followed
   * a clock that came back.
   */
  nowMs({ ms: seenMs, returns }: { readonly ms: number; readonly returns: number }): number {
    if (returns !== this.#returns) this.#floorMs = -Infinity;
    this.#returns = returns;
    const monotonicMs = this.#clock.monotonicMs();
    const carriedMs = this.#floorMs + (monotonicMs - this.#floorAtMs);
    // Not rounded here: otherwise time would stand still for a caller that asks more than once per millisecond.
    this.#floorMs = Math.max(this.#clock.nowMs(), seenMs, carriedMs);
    this.#floorAtMs = monotonicMs;
    return Math.floor(this.#floorMs);
  }
}
