import * as z from 'zod';
import { significantWords } from '../significant-words.ts';
import { isObject } from '../../../shared/json.ts';
import { textBytes } from '../text-bytes.ts';
import type { AnswerEnd, DialectDefinition, JsonEvent } from '../dialect.ts';

const finished = z.union([
  z.object({ candidates: z.tuple([z.object({ finishReason: z.string().min(1) })]).rest(z.unknown()) }),
  // The provider refused the prompt and sends no candidate.
  z.object({ promptFeedback: z.object({ blockReason: z.string().min(1) }) }),
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

/** After the reason of the end only usage may follow. */
export function googleEventForSdk(event: JsonEvent, hasFinished: boolean): JsonEvent | undefined {
  if (!hasFinished) return event;
  return event['usageMetadata'] === undefined ? undefined : { usageMetadata: event['usageMetadata'] };
}
