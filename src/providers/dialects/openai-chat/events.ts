import { finishOfWord } from '../finish-reason.ts';
import { significantWords } from '../significant-words.ts';
import { isObject } from '../../../shared/json.ts';
import { hasError } from '../../transport/provider-message.ts';
import { textBytes } from '../text-bytes.ts';
import type { AnswerEnd, DialectDefinition } from '../dialect.ts';

/** The data of the last event; every other event is JSON. */
const marker = '[DONE]';

/** OpenAI's API reference, 'Streaming'. Some servers send no marker: then the reason in a choice is the end. */
export const openaiChatEnd: AnswerEnd = {
  mark: ({ choices }) => {
    if (!Array.isArray(choices)) return undefined;
    if (choices.some(hasFailed)) return 'failed';
    return choices.some((choice) => reasonOf(choice) !== undefined) ? 'finished' : undefined;
  },
  reason: ({ choices }) =>
    Array.isArray(choices) ? choices.map(reasonOf).find((word) => word !== undefined) : undefined,
  bareMarker: marker,
  significant: significantWords(String.raw`\[DONE\]|finish_?[rR]eason"\s*:\s*["{]`),
};

/** Why the model stopped. SGLang sends an object, and Google's API for OpenAI's clients another name. */
export function reasonOf(choice: unknown): string | undefined {
  if (!isObject(choice)) return undefined;
  const { finish_reason: reason, finishReason: camel } = choice;
  const found = [isObject(reason) ? reason['type'] : reason, camel];
  return found.find((word) => typeof word === 'string' && word !== '') as string | undefined;
}

/** The provider's own trouble ended the answer. OpenRouter puts the error of a model's vendor into the choice. */
function hasFailed(choice: unknown): boolean {
  return hasError(choice) || finishOfWord(reasonOf(choice) ?? '') === 'error';
}

export const chatContentBytes: DialectDefinition['contentBytes'] = (json) => {
  const choices: unknown = isObject(json) ? json['choices'] : undefined;
  if (!Array.isArray(choices)) return 0;
  return choices.reduce<number>(
    (sum, choice: unknown) =>
      sum +
      // Completions without messages have a text.
      (isObject(choice)
        ? // Perplexity repeats the text so far in a message.
          textBytes(choice['delta'] ?? choice['message']) + textBytes(choice['text'])
        : 0),
    0,
  );
};
