/**
 * Resolves with the result of `work`, or with undefined as soon as the signal aborts. `work` itself goes on: its later
 * result or error is dropped. The listener stays on the signal, so the signal must not outlive many of these.
 */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      resolve(undefined);
    };
    work.then(resolve, reject);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
