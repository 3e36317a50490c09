import type { Part } from './call.ts';
import type { CallResult } from './call-state.ts';

/**
 * Reads an answer to its end and awaits `onPart` for each part. If `onPart` throws, the call is ended and settled before
 * the error is passed on.
 */
export async function readAnswer(
  run: AsyncIterator<Part, CallResult, void>,
  onPart: (part: Part) => unknown,
): Promise<CallResult> {
  let ended = false;
  try {
    for (;;) {
      const next = await run.next();
      if (next.done === true) {
        ended = true;
        return next.value;
      }
      await onPart(next.value);
    }
  } finally {
    if (!ended) await run.return?.();
  }
}
