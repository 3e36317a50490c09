import type { AnswerEnd } from '../dialect.ts';
import { significantWords } from '../significant-words.ts';

/** The data of the last event; every other event is JSON. */
const marker = '[DONE]';

/** OpenAI's API reference, 'Streaming'. */
export const openaiChatEnd: AnswerEnd = {
  mark: ({ data }) => (data === marker ? 'over' : undefined),
  bareMarker: marker,
  significant: significantWords(String.raw`\[DONE\]`),
};
