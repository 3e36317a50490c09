/** Something that is owned by somebody and can be let go of. The shape of VS Code's own `Disposable`. */
export interface Disposable {
  dispose(): void;
}

/** Owns disposables and lets go of them together, the latest first. Disposing twice is harmless. */
export class DisposableStore implements Disposable {
  readonly #owned: Disposable[] = [];
  #disposed = false;

  /** Takes ownership; what is added after `dispose()` is disposed at once. */
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
