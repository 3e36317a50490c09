import type { Clock } from '../../src/shared/clock.ts';
import { toDisposable, type Disposable } from '../../src/shared/disposable.ts';

interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
  real: NodeJS.Timeout;
}

/** Real time that a test can move forward, for tests with real sockets and long silences. */
export class JumpClock implements Clock {
  readonly #timers = new Set<Timer>();
  #jumpedMs = 0;

  nowMs(): number {
    return Date.now() + this.#jumpedMs;
  }

  monotonicMs(): number {
    return performance.now() + this.#jumpedMs;
  }

  after(delayMs: number, run: () => void): Disposable {
    const timer: Timer = { dueMs: this.monotonicMs() + delayMs, run, real: this.#arm(delayMs, () => timer) };
    this.#timers.add(timer);
    return toDisposable(() => {
      clearTimeout(timer.real);
      this.#timers.delete(timer);
    });
  }

  /** Milliseconds until the next timer; undefined if there is none. */
  get nextMs(): number | undefined {
    const dues = [...this.#timers].map(({ dueMs }) => dueMs);
    return dues.length === 0 ? undefined : Math.max(0, Math.min(...dues) - this.monotonicMs());
  }

  /** Lets so much time pass at once. What is due happens in its order, with everything that follows from it. */
  async jump(ms: number): Promise<void> {
    const endMs = this.monotonicMs() + ms;
    for (;;) {
      const [next] = [...this.#timers].sort((a, b) => a.dueMs - b.dueMs);
      if (next === undefined || next.dueMs > endMs) break;
      this.#jumpedMs += Math.max(0, next.dueMs - this.monotonicMs());
      this.#fire(next);
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#jumpedMs += Math.max(0, endMs - this.monotonicMs());
    for (const timer of this.#timers) {
      clearTimeout(timer.real);
      timer.real = this.#arm(timer.dueMs - this.monotonicMs(), () => timer);
    }
  }

  #arm(delayMs: number, timer: () => Timer): NodeJS.Timeout {
    return setTimeout(
      () => {
        this.#fire(timer());
      },
      Math.min(2 ** 31 - 1, Math.max(0, delayMs)),
    ).unref();
  }

  #fire(timer: Timer): void {
    if (!this.#timers.delete(timer)) return;
    clearTimeout(timer.real);
    timer.run();
  }
}
