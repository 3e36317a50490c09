import * as z from 'zod';
import type { AnswerEnd } from '../dialect.ts';
import { significantWords } from '../significant-words.ts';

const typed = z.object({ type: z.string() });

/** Anthropic's API reference, 'Streaming messages'. */
export const anthropicMessagesEnd: AnswerEnd = {
  mark: (_event, json) =>
    // Not a schema of the marker alone: failing at each event would cost more than reading its type.
    typed.safeParse(json).data?.type === 'message_stop' ? 'over' : undefined,
  significant: significantWords('message_stop'),
};
