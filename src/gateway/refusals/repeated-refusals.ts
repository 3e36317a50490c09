import type { Clock } from '../../shared/clock.ts';
import { gatewayLimits } from '../../shared/limits.ts';

/**
 * The final refusals of the last minute. A tool may send a refused request up to five times, each time with another body
 * (Claude Code), so a refusal is known by who was refused what, not by the request.
 */
export class RepeatedRefusals {
  readonly #clock: Clock;
  /** When each was last given, the oldest first. */
  readonly #given = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Records a refusal. Returns whether the same one was given shortly before. */
  isRepeated(facts: readonly (string | undefined)[]): boolean {
    const key = JSON.stringify(facts);
    const nowMs = this.#clock.monotonicMs();
    const before = this.#given.get(key);
    this.#given.delete(key);
    const [oldest] = this.#given.keys();
    if (oldest !== undefined && this.#given.size >= gatewayLimits.refusals) this.#given.delete(oldest);
    this.#given.set(key, nowMs);
    return before !== undefined && nowMs - before < gatewayLimits.refusalMs;
  }
}
