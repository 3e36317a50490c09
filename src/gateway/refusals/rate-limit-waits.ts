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
  readonly #limits = new Map<string, { readonly endMs: number; readonly isRepeated: boolean }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Records how a call ended. Returns whether clients have waited in vain for the model's rate limit. */
  record(result: CallResult): boolean {
    if (result.kind === 'done') this.#limits.delete(nameOf(result.target));
    if (result.kind === 'refused' && result.refusal.kind === 'rest')
      return this.#limits.get(nameOf(result.refusal))?.isRepeated === true;
    if (result.kind !== 'failed' || result.failure.kind !== 'http' || result.failure.status !== 429)
      return false;
    return this.#limited(nameOf(result.target), result.failure.retryAfterMs);
  }

  #limited(name: string, forMs: number | undefined): boolean {
    const nowMs = this.#clock.monotonicMs();
    const { endMs, isRepeated: wasRepeated = false } = this.#limits.get(name) ?? {};
    // Calls that were under way together meet one rate limit, and none of them has waited.
    const isNext = endMs !== undefined && nowMs >= endMs && nowMs < endMs + gatewayLimits.waitedMs;
    const isSame = endMs !== undefined && nowMs < endMs;
    const isRepeated = isNext || (isSame && wasRepeated);
    this.#limits.delete(name);
    const [oldest] = this.#limits.keys();
    if (oldest !== undefined && this.#limits.size >= gatewayLimits.rateLimitWaits)
      this.#limits.delete(oldest);
    if (forMs !== undefined) this.#limits.set(name, { endMs: nowMs + forMs, isRepeated });
    return isRepeated;
  }
}
