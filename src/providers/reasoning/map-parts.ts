/** The parts with each one replaced by `map`, and what the generator returns. A reader that leaves ends it, too. */
export async function* mapParts<T, R>(
  parts: AsyncIterator<T, R, void>,
  map: (part: T) => T,
): AsyncGenerator<T, R, void> {
  let hasEnded = false;
  try {
    for (;;) {
      const next = await parts.next();
      if (next.done === true) {
        hasEnded = true;
        return next.value;
      }
      yield map(next.value);
    }
  } finally {
    if (!hasEnded) await parts.return?.();
  }
}
