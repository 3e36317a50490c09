import { significantWords } from '../significant-words.ts';
import { isObject } from '../../../shared/json.ts';
import { isEmptyError } from '../../transport/provider-message.ts';
import { textBytes } from '../text-bytes.ts';
import type { AnswerEnd, DialectDefinition, JsonEvent } from '../dialect.ts';

/** The data of the last event; every other event is JSON. */
const marker = '[DONE]';

/** OpenAI's API reference, 'Streaming'. Some servers send no marker: then the reason in a choice is the end. */
export const openaiChatEnd: AnswerEnd = {
  mark: ({ choices }) => (Array.isArray(choices) && choices.some(hasReason) ? 'finished' : undefined),
  reason: ({ choices }) => (Array.isArray(choices) ? choices.map(reasonOf).find(isReason) : undefined),
  bareMarker: marker,
  significant: significantWords(String.raw`\[DONE\]|finish_reason"\s*:\s*"`),
};

function hasReason(choice: unknown): boolean {
  return isReason(reasonOf(choice));
}

function reasonOf(choice: unknown): unknown {
  return isObject(choice) ? choice['finish_reason'] : undefined;
}

function isReason(reason: unknown): boolean {
  return typeof reason === 'string' && reason !== '';
}

export const chatContentBytes: DialectDefinition['contentBytes'] = (json) => {
  const choices: unknown = isObject(json) ? json['choices'] : undefined;
  if (!Array.isArray(choices)) return 0;
  return choices.reduce<number>(
    (sum, choice: unknown) =>
      sum +
      // Completions without messages have a text.
      (isObject(choice)
        ? textBytes(choice['delta']) + textBytes(choice['message']) + textBytes(choice['text'])
        : 0),
    0,
  );
};

/**
 * Some servers send `"error": null` with every event, and the SDK takes any `error` for a real one and drops the
 * event's content. Others send usage, or events of their own, without `choices`, which the SDK calls malformed, or usage
 * with odd figures.
 */
export function chatEventForSdk(event: JsonEvent): JsonEvent | undefined {
  const { error, ...rest } = event;
  const known = error !== undefined && isEmptyError(error) ? rest : event;
  const { choices = null, usage } = known;
  const isEmpty = choices === null || (Array.isArray(choices) && choices.length === 0);
  if (!isObject(usage)) return isEmpty ? undefined : known;
  const isReadable = Object.entries(usage).every(([name, value]) => isReadableField(name, value));
  if (isReadable) return choices === null ? { ...known, choices: [] } : known;
  // The wire reads usage by itself. A field that makes no sense would only make the SDK give up.
  const readable = Object.entries(usage).filter(([name, value]) => isReadableField(name, value));
  return { ...known, choices: choices ?? [], usage: Object.fromEntries(readable) };
}

function isReadableField(name: string, value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (name.endsWith('_tokens')) return typeof value === 'number';
  if (!name.endsWith('_tokens_details')) return true;
  return isObject(value) && Object.entries(value).every(([inner, count]) => isReadableField(inner, count));
}
