import * as z from 'zod';
import type { AnswerEnd, EndMark } from '../dialect.ts';
import { significantWords } from '../significant-words.ts';

const typed = z.object({ type: z.string() });

/** An answer that its limit or a filter ended is a complete answer with a reason, as in the other dialects. */
const marks: ReadonlyMap<string, EndMark> = new Map([
  ['response.completed', 'over'],
  ['response.incomplete', 'over'],
  ['response.failed', 'failed'],
  ['error', 'failed'],
] as const);

/** OpenAI's API reference, 'Responses', 'Streaming events'. */
export const openaiResponsesEnd: AnswerEnd = {
  mark: (_event, json) => marks.get(typed.safeParse(json).data?.type ?? ''),
  significant: significantWords(String.raw`response\.(?:completed|incomplete|failed)`),
};
