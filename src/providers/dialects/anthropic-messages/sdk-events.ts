import { isObject } from '../../../shared/json.ts';
import type { JsonEvent, SdkEvents } from '../dialect.ts';

const otherEvents: ReadonlySet<unknown> = new Set(['message_stop', 'ping', 'error']);

/** The text of each kind of block, and the kind of block of each kind of delta. */
const textOf: Readonly<Record<string, string>> = { text: 'text', thinking: 'thinking' };
const blockOf: Readonly<Record<string, string>> = { text_delta: 'text', thinking_delta: 'thinking' };
const deltaTypes: ReadonlySet<unknown> = new Set([
  ...['text_delta', 'thinking_delta', 'input_json_delta', 'signature_delta', 'citations_delta'],
  'compaction_delta',
]);
const blockTypes: ReadonlySet<unknown> = new Set([
  ...[
    'text',
    'thinking',
    'redacted_thinking',
    'tool_use',
    'server_tool_use',
    'mcp_tool_use',
    'mcp_tool_result',
  ],
  ...['web_fetch_tool_result', 'web_search_tool_result', 'code_execution_tool_result', 'compaction'],
  ...['bash_code_execution_tool_result', 'text_editor_code_execution_tool_result', 'tool_search_tool_result'],
  ...['advisor_tool_result', 'fallback'],
]);

/**
 * The SDK gives up on an event with one odd field. Gateways send null in place of an empty text, leave out usage or the
 * beginning of a block, and newer versions of the API have kinds of events, blocks and deltas of their own.
 */
export function createMessagesSdkEvents(): SdkEvents {
  /** The blocks that the SDK knows of. */
  const open = new Set<unknown>();
  return (event) => {
    const { type, index = 0 } = event;
    switch (type) {
      case 'message_start':
        return [readableStart(event)];
      case 'content_block_start': {
        const block = isObject(event['content_block']) ? event['content_block'] : {};
        if (!blockTypes.has(block['type'])) return [];
        open.add(index);
        return readableBlock(event, index, block);
      }
      case 'content_block_delta': {
        const delta = isObject(event['delta']) ? event['delta'] : {};
        if (!deltaTypes.has(delta['type']) || Object.values(delta).includes(null)) return [];
        if (open.has(index)) return [event];
        const kind = blockOf[String(delta['type'])];
        if (kind === undefined) return [];
        open.add(index);
        const content_block = { type: kind, [kind]: '' };
        return [
          { type: 'content_block_start', index, content_block },
          { ...event, index },
        ];
      }
      case 'content_block_stop':
        return open.delete(index) ? [event] : [];
      case 'message_delta':
        return [readableEnd(event)];
      default:
        return otherEvents.has(type) ? [event] : [];
    }
  };
}

function readableStart(event: JsonEvent): JsonEvent {
  const message = isObject(event['message']) ? event['message'] : {};
  const usage = readableUsage(message['usage'], 'input_tokens');
  const isPlain = usage === message['usage'] && Array.isArray(message['content']);
  return isPlain ? event : { ...event, message: { ...message, content: [], usage } };
}

/** The SDK wants one count, and only numbers. The wire reads usage by itself. */
function readableUsage(usage: unknown, wanted: 'input_tokens' | 'output_tokens'): JsonEvent {
  if (!isObject(usage)) return { [wanted]: 0 };
  const isOdd = ([name, value]: [string, unknown]) =>
    name.endsWith('_tokens') && value !== null && typeof value !== 'number';
  if (typeof usage[wanted] === 'number' && !Object.entries(usage).some(isOdd)) return usage;
  const readable = Object.entries(usage).filter((entry) => !isOdd(entry));
  return { [wanted]: 0, ...Object.fromEntries(readable.filter(([, value]) => value !== null)) };
}

function readableBlock(event: JsonEvent, index: unknown, block: JsonEvent): readonly JsonEvent[] {
  const kind = String(block['type']);
  const member = textOf[kind];
  if (member !== undefined) {
    const text = block[member];
    if (text === '') return [event];
    const start = { ...event, index, content_block: { type: kind, [member]: '' } };
    if (typeof text !== 'string') return [start];
    const delta = { type: `${kind}_delta`, [member]: text };
    return [start, { type: 'content_block_delta', index, delta }];
  }
  const isTool = kind === 'tool_use';
  if (!isTool || (typeof block['id'] === 'string' && isObject(block['input'] ?? {}))) return [event];
  const { id, input } = block;
  // Neither of them has to be a text or a number.
  const ownId = textOrNumber(id) ?? `toolu_${textOrNumber(index) ?? '0'}`;
  const readable = { ...block, id: ownId, input: isObject(input) ? input : {} };
  return [{ ...event, index, content_block: readable }];
}

function textOrNumber(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function readableEnd(event: JsonEvent): JsonEvent {
  const usage = readableUsage(event['usage'], 'output_tokens');
  if (usage === event['usage'] && isObject(event['delta'])) return event;
  return { ...event, delta: isObject(event['delta']) ? event['delta'] : {}, usage };
}
