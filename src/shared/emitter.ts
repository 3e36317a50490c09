import { toDisposable, type Disposable } from './disposable.ts';

/** Subscribes a listener. Dispose the result to unsubscribe. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/**
 * Calls its listeners in the order in which they subscribed. If one throws, the others are still called, and then the
 * error is thrown.
 */
export class Emitter<T> {
  readonly #listeners = new Set<{ readonly run: (value: T) => void }>();

  readonly event: Event<T> = (listener) => {
    // Wrapped, so that one function subscribed twice is two subscriptions.
    const entry = { run: listener };
    this.#listeners.add(entry);
    return toDisposable(() => this.#listeners.delete(entry));
  };

  fire(value: T): void {
    const errors: unknown[] = [];
    for (const listener of [...this.#listeners]) {
      try {
        listener.run(value);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 1) throw new AggregateError(errors, 'several listeners failed');
    if (errors.length === 1) throw errors[0];
  }
}
