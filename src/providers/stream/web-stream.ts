import { answerLimits } from '../../shared/limits.ts';
import { nextTurn } from '../../shared/slices.ts';
import type { AnswerBody } from './answer-body.ts';

/**
 * The body as a web stream. Its readers work on what is there in one turn of the event loop, so this waits for the next
 * one now and then.
 */
export function webStreamOf(body: Pick<AnswerBody, 'read' | 'cancel'>): ReadableStream<Uint8Array> {
  let turnMs = performance.now();
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      if (performance.now() - turnMs > answerLimits.handOverMs) {
        await nextTurn();
        turnMs = performance.now();
      }
      const piece = await body.read();
      if (piece === undefined) controller.close();
      else controller.enqueue(piece.bytes);
    },
    cancel: () => {
      body.cancel();
    },
  });
}
