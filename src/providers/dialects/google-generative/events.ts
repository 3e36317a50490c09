import * as z from 'zod';
import { significantWords } from '../significant-words.ts';
import { isObject } from '../../../shared/json.ts';
import { textBytes } from '../text-bytes.ts';
import type { AnswerEnd, DialectDefinition } from '../dialect.ts';

/** Some events that do not end an answer have `FINISH_REASON_UNSPECIFIED`. */
const reason = z.string().regex(/^(?!.*UNSPECIFIED$)./);

const finished = z.union([
  z.object({ candidates: z.tuple([z.object({ finishReason: reason })]).rest(z.unknown()) }),
  // The provider refused the prompt and sends no candidate.
  z.object({ promptFeedback: z.object({ blockReason: reason }) }),
]);

/** The last chunk has a finish reason. A chunk with only the usage may follow it. No marker ends the stream. */
export const googleGenerativeEnd: AnswerEnd = {
  mark: (event) => (finished.safeParse(event).success ? 'finished' : undefined),
  reason: (event) => {
    const end = finished.safeParse(event).data;
    if (end === undefined) return undefined;
    return 'candidates' in end ? end.candidates[0].finishReason : end.promptFeedback.blockReason;
  },
  significant: significantWords('finishReason|blockReason'),
};

export const googleContentBytes: DialectDefinition['contentBytes'] = (json) => {
  const candidates: unknown = isObject(json) ? json['candidates'] : undefined;
  if (!Array.isArray(candidates)) return 0;
  return candidates.reduce<number>(
    (sum, candidate: unknown) => sum + (isObject(candidate) ? textBytes(candidate['content']) : 0),
    0,
  );
};
