import { significantWords } from '../significant-words.ts';
import { isObject } from '../../../shared/json.ts';
import { textBytes } from '../text-bytes.ts';
import type { AnswerEnd, DialectDefinition } from '../dialect.ts';

/** Anthropic's API reference, 'Streaming messages'. */
export const anthropicMessagesEnd: AnswerEnd = {
  mark: ({ type }) => (type === 'message_stop' ? 'over' : undefined),
  significant: significantWords('message_stop'),
};

export const messagesContentBytes: DialectDefinition['contentBytes'] = (json) => {
  if (!isObject(json)) return 0;
  const { type, content_block: opened, delta } = json;
  const isContent = type === 'content_block_start' || type === 'content_block_delta';
  return isContent ? textBytes(opened) + textBytes(delta) : 0;
};
