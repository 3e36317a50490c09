import type { Clock } from '../shared/clock.ts';
import type { Disposable } from '../shared/disposable.ts';
import type { DeadlineName } from './outcome.ts';
import { defaultTimeouts, type Timeouts } from './resolved-target.ts';

export { defaultTimeouts, type Timeouts };

/** An answer that is not streamed begins when it is complete, so only the call's own deadline limits its start. */
export function timeoutsInOnePiece(timeouts: Timeouts): Timeouts {
  return { ...timeouts, headersMs: timeouts.callMs, firstContentMs: timeouts.callMs };
}

/**
 * How far an attempt has come. `sent`: a further piece of a long request was sent, or its last one. `bytes`: something
 * arrived after the headers, even if it is only a ping.
 */
export type Progress = 'connected' | 'sent' | 'headers' | 'bytes';

export type { DeadlineName };

/** Milliseconds from the start of the attempt. */
export interface Timings {
  readonly connectedMs?: number;
  readonly headersMs?: number;
  readonly firstContentMs?: number;
}

/** The four timers of one attempt. The fifth, `call`, spans attempts and belongs to `CallState`. */
export class AttemptDeadlines implements Disposable {
  readonly #clock: Clock;
  readonly #timeouts: Timeouts;
  readonly #expire: (timer: DeadlineName) => void;
  readonly #startMs: number;
  // Written in place: every attempt goes through all phases.
  readonly #timings: { -readonly [Phase in keyof Timings]: Timings[Phase] } = {};
  /** Connect, headers and read follow each other, so at most one of them runs. */
  #phase: Disposable;
  #firstContent: Disposable;
  #lastBytesMs = 0;
  #paused = false;

  /** `expire` is called at most once. */
  constructor(timeouts: Timeouts, clock: Clock, expire: (timer: DeadlineName) => void) {
    this.#clock = clock;
    this.#timeouts = timeouts;
    this.#expire = expire;
    this.#startMs = clock.monotonicMs();
    this.#phase = this.#timer('connect', timeouts.connectMs);
    this.#firstContent = this.#timer('firstContent', timeouts.firstContentMs);
  }

  get timings(): Timings {
    return this.#timings;
  }

  reached(progress: Progress): void {
    switch (progress) {
      case 'connected':
        this.#timings.connectedMs = this.#elapsedMs();
        this.#waitForAnswer();
        break;
      case 'sent':
        // A slow way up is not the model's. Only a pause of the upload counts.
        this.#waitForAnswer();
        break;
      case 'headers':
        this.#timings.headersMs = this.#elapsedMs();
        this.#lastBytesMs = this.#clock.monotonicMs();
        this.#phase.dispose();
        break;
      case 'bytes':
        // Only recorded. A new timer for every chunk would cost more than the chunk.
        this.#lastBytesMs = this.#clock.monotonicMs();
        break;
    }
  }

  /** The first content came. */
  content(): void {
    if (this.#timings.firstContentMs !== undefined) return;
    this.#timings.firstContentMs = this.#elapsedMs();
    this.#firstContent.dispose();
    // Until then a model may think, or read the prompt, for as long as the two other timers allow.
    this.#lastBytesMs = this.#clock.monotonicMs();
    this.#phase = this.#readTimer(this.#timeouts.readMs);
  }

  /** Each byte of the request may be the last one. */
  #waitForAnswer(): void {
    if (this.#timings.headersMs === undefined) {
      this.#phase.dispose();
      this.#phase = this.#timer('headers', this.#timeouts.headersMs);
    }
    if (this.#timings.firstContentMs !== undefined) return;
    this.#firstContent.dispose();
    this.#firstContent = this.#timer('firstContent', this.#timeouts.firstContentMs);
  }

  /** Stops the read timer: while the reader is busy nothing is read, so the provider's silence is not its fault. */
  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#lastBytesMs = this.#clock.monotonicMs();
  }

  dispose(): void {
    this.#phase.dispose();
    this.#firstContent.dispose();
  }

  #elapsedMs(): number {
    return this.#clock.monotonicMs() - this.#startMs;
  }

  #timer(name: DeadlineName, delayMs: number): Disposable {
    return this.#clock.after(delayMs, () => {
      this.#expired(name);
    });
  }

  #readTimer(delayMs: number): Disposable {
    return this.#clock.after(delayMs, () => {
      const silentMs = this.#paused ? 0 : this.#clock.monotonicMs() - this.#lastBytesMs;
      if (silentMs >= this.#timeouts.readMs) this.#expired('read');
      else this.#phase = this.#readTimer(this.#timeouts.readMs - silentMs);
    });
  }

  #expired(name: DeadlineName): void {
    this.dispose();
    this.#expire(name);
  }
}
