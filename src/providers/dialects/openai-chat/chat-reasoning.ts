import type { MetadataExtractor } from '@ai-sdk/openai-compatible';
import type { JSONObject, JSONValue, LanguageModelV4Message } from '@ai-sdk/provider';
import { isObject } from '../../../shared/json.ts';
import type { ReasoningHabit } from '../dialect.ts';
import { answerKey } from '../../reasoning/reasoning-collector.ts';
import type { AssistantMessage, ProviderOptions } from '../../reasoning/kept-reasoning.ts';

/** The fields in which servers have reasoning as text. They want it back in the one that they use. */
const textFields = ['reasoning_content', 'reasoning'] as const;
/** `content`: among the pieces of the answer's text, as Mistral has it. Nobody needs that back. */
type TextField = (typeof textFields)[number] | 'content';

/**
 * Stands for reasoning that is lost, where a server refuses every answer without any. DeepSeek's newest models refuse an
 * empty text, too.
 */
const lost = ' ';

/** What of an answer's reasoning the AI SDK does not report: its field, and OpenRouter's `reasoning_details`. */
export const reasoningExtractor: MetadataExtractor = {
  extractMetadata: () => Promise.resolve(undefined),
  createStreamExtractor: () => {
    let field: TextField | undefined;
    const details: JSONObject[] = [];
    return {
      processChunk: (chunk: unknown) => {
        const delta = deltaOf(chunk);
        field ??= textFields.find((name) => typeof delta[name] === 'string' && delta[name] !== '');
        if (Array.isArray(delta['content'])) field ??= 'content';
        const added: unknown = delta['reasoning_details'];
        if (Array.isArray(added)) for (const detail of added) addDetail(details, detail);
      },
      buildMetadata: () => {
        if (field === undefined && details.length === 0) return undefined;
        return {
          [answerKey]: {
            ...(field === undefined ? {} : { field }),
            ...(details.length === 0 ? {} : { details }),
          },
        };
      },
    };
  },
};

function deltaOf(chunk: unknown): Readonly<Record<string, unknown>> {
  const choices: unknown = isObject(chunk) ? chunk['choices'] : undefined;
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  const delta: unknown = isObject(choice) ? choice['delta'] : undefined;
  return isObject(delta) ? delta : {};
}

/** A detail comes in pieces with the same type and index. Its texts are put together, as the answer's are. */
function addDetail(details: JSONObject[], detail: unknown): void {
  if (!isObject(detail)) return;
  const last = details.at(-1);
  const isPiece =
    last !== undefined &&
    last['type'] === detail['type'] &&
    last['index'] === detail['index'] &&
    'index' in detail;
  if (!isPiece) {
    details.push({ ...(detail as JSONObject) });
    return;
  }
  for (const [name, value] of Object.entries(detail)) {
    if (value === null) continue;
    const known = last[name];
    const grows = name === 'text' || name === 'summary' || name === 'data';
    last[name] =
      grows && typeof known === 'string' && typeof value === 'string' ? known + value : (value as JSONValue);
  }
}

/**
 * The messages with reasoning in the fields in which the server sent it. Servers that check for `reasoning_content` want
 * it in every answer of the conversation.
 */
export function withReasoningFields(
  messages: readonly LanguageModelV4Message[],
  habit: ReasoningHabit,
): LanguageModelV4Message[] {
  const own = messages.map((message) => (message.role === 'assistant' ? fieldsOf(message) : {}));
  const fills =
    habit === 'fill' ||
    (habit === undefined && own.some((fields) => fields['reasoning_content'] !== undefined));
  return messages.map((message, index) => {
    if (message.role !== 'assistant') return message;
    const { [answerKey]: _answer, ...options } = message.providerOptions ?? {};
    const kept = habit === 'omit' ? {} : (own[index] ?? {});
    const fields =
      fills && kept['reasoning_content'] === undefined ? { ...kept, reasoning_content: lost } : kept;
    return {
      ...message,
      content: message.content.filter(({ type }) => type !== 'reasoning'),
      // The SDK copies these into the message.
      providerOptions: { ...options, openaiCompatible: { ...options['openaiCompatible'], ...fields } },
    };
  });
}

function fieldsOf(message: AssistantMessage): ProviderOptions[string] {
  const { field, details } = message.providerOptions?.[answerKey] ?? {};
  if (Array.isArray(details)) return { reasoning_details: details };
  const texts = message.content.map((part) => (part.type === 'reasoning' ? part.text : ''));
  const text = texts.join('');
  if (text === '' || field === 'content') return {};
  return { [field === 'reasoning' ? field : 'reasoning_content']: text };
}
