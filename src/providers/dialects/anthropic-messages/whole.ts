import { isObject, parseJson } from '../../../shared/json.ts';
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

/** The message that the events of a stream make together. */
export function messagesWholeOfEvents(events: readonly JsonEvent[]): object {
  let message: JsonEvent = { type: 'message', role: 'assistant' };
  let usage: JsonEvent = {};
  const blocks = new Map<unknown, Block>();
  for (const event of events) {
    const { type, index, delta } = event;
    const block = blocks.get(index);
    if (type === 'message_start' && isObject(event['message'])) message = { ...message, ...event['message'] };
    else if (type === 'content_block_start' && isObject(event['content_block']))
      blocks.set(index, { ...event['content_block'] });
    else if (type === 'content_block_delta' && isObject(delta) && block !== undefined) addDelta(block, delta);
    else if (type === 'message_delta' && isObject(delta)) message = { ...message, ...known(delta) };
    if (isObject(event['usage'])) usage = { ...usage, ...known(event['usage']) };
  }
  const started = isObject(message['usage']) ? message['usage'] : {};
  const content = [...blocks.values()].map(finished);
  return {
    stop_reason: 'end_turn',
    stop_sequence: null,
    ...known(message),
    content,
    usage: { ...started, ...usage },
  };
}

type Block = Record<string, unknown>;

/** While a block grows, the input of its tool is a text under this name. */
const written = Symbol('written');

function addDelta(block: Block & { [written]?: string }, delta: JsonEvent): void {
  const { partial_json: json, citation } = delta;
  for (const name of ['text', 'thinking', 'signature'] as const) {
    const text = delta[name];
    const before = block[name];
    if (typeof text === 'string') block[name] = (typeof before === 'string' ? before : '') + text;
  }
  if (typeof json === 'string') block[written] = (block[written] ?? '') + json;
  if (citation !== undefined) block['citations'] = [...listOf(block['citations']), citation];
}

function finished({ [written]: json, ...block }: Block & { [written]?: string }): JsonEvent {
  if (json === undefined) return block;
  const input = parseJson(json);
  return isObject(input) ? { ...block, input } : block;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function known(fields: JsonEvent): JsonEvent {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  );
}
