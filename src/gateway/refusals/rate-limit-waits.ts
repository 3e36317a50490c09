import type { Target } from '../../guard/call.ts';
import type { CallResult } from '../../guard/call-state.ts';
import { nameOf } from '../../providers/config/target-name.ts';
import type { Clock } from '../../shared/clock.ts';
import { gatewayLimits } from '../../shared/limits.ts';

/**
 * The rate limits that clients wait for. A client that waited and meets the next one is not sent to wait again: its user
 * would see nothing for as long as the provider goes on.
 */
export class RateLimitWaits {
  readonly #clock: Clock;
  /** When each model's rate limit ends. */
  readonly #ends = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Records how a call ended. Returns whether its client has waited in vain for the model's last rate limit. */
  record(result: CallResult): boolean {
    if (result.kind === 'done') this.#ends.delete(nameOf(result.target));
    if (result.kind !== 'failed' || result.failure.kind !== 'http' || result.failure.status !== 429)
      return false;
    const { target, failure } = result;
    return this.#limited(target, failure.retryAfterMs);
  }

  #limited(target: Target, forMs: number | undefined): boolean {
    const name = nameOf(target);
    const nowMs = this.#clock.monotonicMs();
    const endMs = this.#ends.get(name);
    // Calls that were under way together meet one rate limit, and none of them has waited.
    const hasWaited = endMs !== undefined && nowMs >= endMs && nowMs < endMs + gatewayLimits.waitedMs;
    this.#ends.delete(name);
    const [oldest] = this.#ends.keys();
    if (oldest !== undefined && this.#ends.size >= gatewayLimits.rateLimitWaits) this.#ends.delete(oldest);
    if (forMs !== undefined) this.#ends.set(name, nowMs + forMs);
    return hasWaited;
  }
}
