import { significantWords } from '../significant-words.ts';
import { isObject } from '../../../shared/json.ts';
import { textBytes } from '../text-bytes.ts';
import type { AnswerEnd, DialectDefinition } from '../dialect.ts';

/** Anthropic's API reference, 'Streaming messages'. Without `message_stop` the reason in `message_delta` is the end. */
export const anthropicMessagesEnd: AnswerEnd = {
  mark: ({ type, delta }) => {
    if (type === 'message_stop') return 'over';
    const reason = type === 'message_delta' && isObject(delta) ? delta['stop_reason'] : undefined;
    return typeof reason === 'string' && reason !== '' ? 'finished' : undefined;
  },
  reason: ({ delta, stop_reason: whole }) => (isObject(delta) ? delta['stop_reason'] : whole),
  significant: significantWords('message_stop|message_delta'),
};

export const messagesContentBytes: DialectDefinition['contentBytes'] = (json) => {
  if (!isObject(json)) return 0;
  const { type, content_block: opened, delta, content } = json;
  if (type === 'message') return textBytes(content);
  const isContent = type === 'content_block_start' || type === 'content_block_delta';
  return isContent ? textBytes(opened) + textBytes(delta) : 0;
};
