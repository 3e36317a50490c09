import * as z from 'zod';
import type { AnswerEnd } from '../dialect.ts';
import { significantWords } from '../significant-words.ts';

const finished = z.union([
  z.object({ candidates: z.tuple([z.object({ finishReason: z.string().min(1) })]).rest(z.unknown()) }),
  // The prompt itself was refused: there is no candidate, and none will come.
  z.object({ promptFeedback: z.object({ blockReason: z.string().min(1) }) }),
]);

/** There is no marker: the last chunk has a reason, and one chunk with usage alone may follow it. */
export const googleGenerativeEnd: AnswerEnd = {
  mark: (_event, json) => (finished.safeParse(json).success ? 'finished' : undefined),
  significant: significantWords('finishReason|blockReason'),
};
