import type { Clock } from '../shared/clock.ts';
import type { Random } from '../shared/random.ts';
import { defaultRetryOptions, type RetryOptions } from './resolved-target.ts';

export { defaultRetryOptions, type RetryOptions };

/**
 * How long to wait before retry number `retry` (1 is the first). Full jitter: anything from 0 to the doubled base. The
 * provider's Retry-After is a floor, to which jitter only adds.
 */
export function retryDelayMs(
  retry: number,
  options: RetryOptions,
  random: Random,
  retryAfterMs: number | undefined,
): number {
  const ceilingMs = Math.min(options.capMs, options.baseMs * 2 ** (retry - 1));
  return (retryAfterMs ?? 0) + random.next() * ceilingMs;
}

const windowMs = 60_000;
const bucketMs = 1_000;

interface Bucket {
  readonly startMs: number;
  attempts: number;
  retries: number;
}

/** Keeps the retries of many calls from making an outage worse. One per provider and window. */
export class RetryBudget {
  readonly #clock: Clock;
  readonly #buckets: Bucket[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts the first attempt of a call, which is always allowed. */
  recordAttempt(): void {
    this.#current().attempts += 1;
  }

  /**
   * Whether one more retry fits. It is counted at once, before its wait, so that of many calls that fail together only
   * as many are repeated as the budget allows.
   */
  takeRetry(options: RetryOptions): boolean {
    const current = this.#current();
    let attempts = 0;
    let retries = 0;
    for (const bucket of this.#buckets) {
      attempts += bucket.attempts;
      retries += bucket.retries;
    }
    // The retry itself is an attempt, too.
    const fits = retries < Math.max(options.budgetFloor, Math.floor((attempts + 1) * options.budgetShare));
    if (!fits) return false;
    current.attempts += 1;
    current.retries += 1;
    return true;
  }

  #current(): Bucket {
    const nowMs = this.#clock.monotonicMs();
    while (this.#buckets[0] !== undefined && nowMs - this.#buckets[0].startMs >= windowMs)
      this.#buckets.shift();
    const last = this.#buckets.at(-1);
    if (last !== undefined && nowMs - last.startMs < bucketMs) return last;
    const bucket = { startMs: nowMs, attempts: 0, retries: 0 };
    this.#buckets.push(bucket);
    return bucket;
  }
}
