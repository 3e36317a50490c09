import { isObject } from '../../../shared/json.ts';
import type { JsonEvent } from '../dialect.ts';

/** The events of a message that came in one piece. */
export function messagesEventsOfWhole(answer: unknown): readonly JsonEvent[] | undefined {
  if (!isObject(answer) || !Array.isArray(answer['content'])) return undefined;
  const { content, stop_reason: reason = null, stop_sequence: sequence = null, usage } = answer;
  const message = { ...answer, content: [], stop_reason: null, stop_sequence: null, usage };
  return [
    { type: 'message_start', message },
    ...content.filter(isObject).flatMap(eventsOfBlock),
    {
      type: 'message_delta',
      delta: { stop_reason: reason, stop_sequence: sequence },
      usage: isObject(usage) ? usage : {},
    },
    { type: 'message_stop' },
  ];
}

function eventsOfBlock(block: JsonEvent, index: number): JsonEvent[] {
  const { type, text, thinking, signature, input } = block;
  const deltas: object[] = [];
  let start: object = block;
  if (type === 'text') {
    start = { type, text: '' };
    deltas.push({ type: 'text_delta', text });
  } else if (type === 'thinking') {
    start = { type, thinking: '', signature: '' };
    deltas.push({ type: 'thinking_delta', thinking });
    if (signature !== undefined) deltas.push({ type: 'signature_delta', signature });
  } else if (type === 'tool_use') {
    start = { ...block, input: {} };
    deltas.push({ type: 'input_json_delta', partial_json: JSON.stringify(input ?? {}) });
  }
  return [
    { type: 'content_block_start', index, content_block: start },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ];
}
