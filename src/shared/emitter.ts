import { toDisposable, type Disposable } from './disposable.ts';

/** Subscribes a listener; dispose what it returns to unsubscribe. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/**
 * Tells its listeners, in the order in which they subscribed. One that throws does not keep the others from hearing;
 * its error is thrown on to who fires, once all were told.
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
