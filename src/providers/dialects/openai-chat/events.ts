import { significantWords } from '../significant-words.ts';
import { isObject } from '../../../shared/json.ts';
import { isEmptyError } from '../../transport/provider-message.ts';
import { textBytes } from '../text-bytes.ts';
import type { AnswerEnd, DialectDefinition, JsonEvent } from '../dialect.ts';

/** The data of the last event; every other event is JSON. */
const marker = '[DONE]';

/** OpenAI's API reference, 'Streaming'. */
export const openaiChatEnd: AnswerEnd = {
  mark: () => undefined,
  bareMarker: marker,
  significant: significantWords(String.raw`\[DONE\]`),
};

export const chatContentBytes: DialectDefinition['contentBytes'] = (json) => {
  const choices: unknown = isObject(json) ? json['choices'] : undefined;
  if (!Array.isArray(choices)) return 0;
  return choices.reduce<number>(
    (sum, choice: unknown) => sum + (isObject(choice) ? textBytes(choice['delta']) : 0),
    0,
  );
};

/**
 * Some servers send `"error": null` with every event, and the SDK takes any `error` for a real one and drops the
 * event's content. Others send usage, or events of their own, without `choices`, which the SDK calls malformed.
 */
export function chatEventForSdk(event: JsonEvent): JsonEvent | undefined {
  const { error, ...rest } = event;
  const known = error !== undefined && isEmptyError(error) ? rest : event;
  const { choices = null } = known;
  const isEmpty = choices === null || (Array.isArray(choices) && choices.length === 0);
  if (!isEmpty) return known;
  return isObject(known['usage']) ? { ...known, choices: [] } : undefined;
}
