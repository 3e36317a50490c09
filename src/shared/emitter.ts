import { toDisposable, type Disposable } from './disposable.ts';

/** Subscribes a listener; dispose what it returns to unsubscribe. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/** Tells its listeners, in the order in which they subscribed. */
export class Emitter<T> {
  readonly #listeners = new Set<{ readonly run: (value: T) => void }>();

  readonly event: Event<T> = (listener) => {
    // Wrapped, so that one function subscribed twice is two subscriptions.
    const entry = { run: listener };
    this.#listeners.add(entry);
    return toDisposable(() => this.#listeners.delete(entry));
  };

  fire(value: T): void {
    for (const listener of [...this.#listeners]) listener.run(value);
  }
}
