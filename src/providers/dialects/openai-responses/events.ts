import { significantWords } from '../significant-words.ts';
import { isObject } from '../../../shared/json.ts';
import { textBytes } from '../text-bytes.ts';
import type { AnswerEnd, DialectDefinition, EndMark } from '../dialect.ts';

/** An answer that its limit or a filter ended is a complete answer with a reason, as in the other dialects. */
const marks: ReadonlyMap<string, EndMark> = new Map([
  ['response.completed', 'over'],
  ['response.incomplete', 'over'],
  ['response.failed', 'failed'],
  ['error', 'failed'],
] as const);

/** OpenAI's API reference, 'Responses', 'Streaming events'. */
export const openaiResponsesEnd: AnswerEnd = {
  mark: ({ type }) => (typeof type === 'string' ? marks.get(type) : undefined),
  reason: (answer) => {
    const { status, incomplete_details: details } = isObject(answer['response'])
      ? answer['response']
      : answer;
    return status === 'incomplete' && isObject(details) ? details['reason'] : status;
  },
  significant: significantWords(String.raw`response\.(?:completed|incomplete|failed)`),
};

/** Text, reasoning and the input of tools come as deltas, other output as a whole item. */
export const responsesContentBytes: DialectDefinition['contentBytes'] = (json) => {
  if (!isObject(json)) return 0;
  if (json['object'] === 'response') return textBytes(json['output']);
  if (typeof json['type'] !== 'string') return 0;
  const { type, delta, item, partial_image_b64: image } = json;
  if (type.endsWith('.delta')) return textBytes(delta);
  if (type === 'response.output_item.done') return textBytes(item);
  return textBytes(image);
};
