import { isObject } from '../../../shared/json.ts';
import { isEmptyError } from '../../transport/provider-message.ts';
import type { JsonEvent } from '../dialect.ts';
import { finishOfWord } from '../finish-reason.ts';
import { reasonOf } from './events.ts';

/** The words that the SDK knows. It calls any other word 'other'. */
const standardReasons: ReadonlySet<unknown> = new Set([
  ...['stop', 'length', 'content_filter', 'tool_calls', 'function_call'],
]);

/** The same for what other servers and APIs say in their place. */
const standardOf: Readonly<Partial<Record<ReturnType<typeof finishOfWord>, string>>> = {
  stop: 'stop',
  length: 'length',
  'content-filter': 'content_filter',
  'tool-calls': 'tool_calls',
};

/**
 * The SDK gives up on an event with one odd field, reads the first choice alone, and takes any `error` for a real one.
 * So an event that is not as the API defines it is written again, with what the SDK reads.
 */
export function chatEventForSdk(event: JsonEvent): readonly JsonEvent[] {
  const { choices = null, usage, error } = event;
  // Anything else in `choices` is not an answer. The SDK reports it.
  if (choices !== null && !Array.isArray(choices)) return [event];
  const isEmpty = choices === null || choices.length === 0;
  if (isEmpty && !isObject(usage)) return [];
  const isPlain =
    error === undefined &&
    isNullish(event['id'], 'string') &&
    isNullish(event['created'], 'number') &&
    isNullish(event['model'], 'string') &&
    choices !== null &&
    choices.length <= 1 &&
    choices.every(isPlainChoice) &&
    (!isObject(usage) || isReadable(usage));
  return isPlain ? [event] : [readableEvent(event, choices?.filter(isObject) ?? [])];
}

function isNullish(value: unknown, type: 'string' | 'number'): boolean {
  return value === undefined || value === null || typeof value === type;
}

function isPlainChoice(choice: unknown): boolean {
  if (!isObject(choice)) return false;
  const { delta, message, finish_reason: reason = null } = choice;
  const hasDelta = delta === null || (delta === undefined && message === undefined) || isPlainDelta(delta);
  return hasDelta && (reason === null ? choice['finishReason'] === undefined : isPlainReason(reason));
}

function isPlainReason(reason: unknown): boolean {
  return reason === '' || standardReasons.has(reason);
}

function isPlainDelta(delta: unknown): boolean {
  if (!isObject(delta)) return false;
  const { role = null, content, reasoning_content: thinking, reasoning, tool_calls: tools } = delta;
  return (
    (role === null || role === '' || role === 'assistant') &&
    (isNullish(content, 'string') || isParts(content)) &&
    isNullish(thinking, 'string') &&
    isNullish(reasoning, 'string') &&
    (tools === undefined || tools === null || (Array.isArray(tools) && tools.every(isPlainTool)))
  );
}

function isParts(content: unknown): boolean {
  return (
    Array.isArray(content) && content.every((part) => isObject(part) && typeof part['type'] === 'string')
  );
}

function isPlainTool(tool: unknown): boolean {
  if (!isObject(tool) || !isNullish(tool['index'], 'number') || !isNullish(tool['id'], 'string'))
    return false;
  const { function: called, extra_content: extra } = tool;
  if (!isObject(called) || (extra !== undefined && !isObject(extra))) return false;
  return isNullish(called['name'], 'string') && isNullish(called['arguments'], 'string');
}

function readableEvent(
  { id, created, model, usage, error }: JsonEvent,
  choices: readonly JsonEvent[],
): JsonEvent {
  const [first] = choices;
  // Copilot sends the text and the tools of one answer as two choices of one index.
  const same = choices.filter((choice) => choice['index'] === first?.['index']);
  const deltas = same.map(({ delta, message }) => readableDelta(isObject(delta) ? delta : message));
  const tools = deltas.flatMap(({ tool_calls: each }) => each ?? []);
  const reason = standardReason(same.map(reasonOf).find((word) => word !== undefined));
  const choice = {
    index: 0,
    delta: deltas.reduce(
      (all, delta) => ({ ...all, ...delta, ...(tools.length === 0 ? {} : { tool_calls: tools }) }),
      {},
    ),
    finish_reason: reason,
  };
  return {
    ...(typeof id === 'string' ? { id } : {}),
    ...(typeof created === 'number' ? { created } : {}),
    ...(typeof model === 'string' ? { model } : {}),
    ...(error === undefined || isEmptyError(error) ? {} : { error }),
    choices: first === undefined ? [] : [choice],
    ...(isObject(usage) ? { usage: readableFields(usage) } : {}),
  };
}

function standardReason(word: string | undefined): string | null {
  return word === undefined ? null : (standardOf[finishOfWord(word)] ?? word);
}

interface ReadableDelta {
  readonly tool_calls?: readonly object[];
}

function readableDelta(delta: unknown): ReadableDelta {
  if (!isObject(delta)) return {};
  const { content, tool_calls: tools } = delta;
  const texts = ['reasoning_content', 'reasoning', 'refusal'].filter(
    (name) => typeof delta[name] === 'string',
  );
  return {
    ...(typeof content === 'string' ? { content } : {}),
    ...(Array.isArray(content)
      ? { content: content.filter((part) => isObject(part) && typeof part['type'] === 'string') }
      : {}),
    ...Object.fromEntries(texts.map((name) => [name, delta[name]])),
    ...(Array.isArray(tools) ? { tool_calls: tools.filter(isObject).flatMap(readableTool) } : {}),
  };
}

function readableTool(tool: JsonEvent): object[] {
  const { index, id, function: called, extra_content: extra } = tool;
  if (!isObject(called)) return [];
  const { name, arguments: input } = called;
  const text = isObject(input) ? JSON.stringify(input) : input;
  const at = typeof index === 'string' ? Number.parseInt(index, 10) : index;
  return [
    {
      ...(Number.isInteger(at) ? { index: at } : {}),
      ...(typeof id === 'string' || typeof id === 'number' ? { id: String(id) } : {}),
      function: {
        ...(typeof name === 'string' ? { name } : {}),
        ...(typeof text === 'string' ? { arguments: text } : {}),
      },
      ...(isObject(extra) ? { extra_content: extra } : {}),
    },
  ];
}

/** The wire reads usage by itself. A field that makes no sense would only make the SDK give up. */
function readableFields(usage: JsonEvent): JsonEvent {
  return Object.fromEntries(Object.entries(usage).filter(([name, value]) => isReadableField(name, value)));
}

function isReadable(usage: JsonEvent): boolean {
  return Object.entries(usage).every(([name, value]) => isReadableField(name, value));
}

function isReadableField(name: string, value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (name.endsWith('_tokens')) return typeof value === 'number';
  return !name.endsWith('_tokens_details') || (isObject(value) && isReadable(value));
}
