import type { Clock } from '../../shared/clock.ts';

/**
 * The ledger's time: wall-clock, but never earlier than what any window has seen. When the clock is set back, time
 * goes on from the latest moment seen at the pace of the monotonic clock, instead of standing still.
 */
export class LedgerTime {
  readonly #clock: Clock;
  #floorMs = -Infinity;
  #floorAtMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds since 1970. `seenMs` is the latest time that the ledger knows of. */
  nowMs(seenMs: number): number {
    const monotonicMs = this.#clock.monotonicMs();
    const carriedMs = this.#floorMs + (monotonicMs - this.#floorAtMs);
    // Kept with its fraction: rounded here, time would stand still for who asks more often than every millisecond.
    this.#floorMs = Math.max(this.#clock.nowMs(), seenMs, carriedMs);
    this.#floorAtMs = monotonicMs;
    return Math.floor(this.#floorMs);
  }
}
