/** Something with an owner that releases it. The shape of VS Code's own `Disposable`. */
export interface Disposable {
  dispose(): void;
}

/** Owns disposables and releases them together, the latest first. Disposing twice is harmless. */
export class DisposableStore implements Disposable {
  readonly #owned: Disposable[] = [];
  #disposed = false;

  /** Takes ownership. After `dispose()`, disposes what is added at once. */
  add<T extends Disposable>(disposable: T): T {
    if (this.#disposed) disposable.dispose();
    else this.#owned.push(disposable);
    return disposable;
  }

  dispose(): void {
    this.#disposed = true;
    for (let last = this.#owned.pop(); last !== undefined; last = this.#owned.pop()) last.dispose();
  }
}

/** Runs `release` once, at the first `dispose()`. */
export function toDisposable(release: () => void): Disposable {
  let released = false;
  return {
    dispose: () => {
      if (released) return;
      released = true;
      release();
    },
  };
}
