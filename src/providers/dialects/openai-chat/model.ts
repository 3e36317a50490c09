import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { DialectModel } from '../dialect.ts';
import { reasoningExtractor, withReasoningFields } from './chat-reasoning.ts';

export const openaiChatModel: DialectModel = ({
  baseUrl,
  model,
  wire,
  outputLimit,
  asksForUsage,
  reasoningHabit,
}) => {
  const chat = createOpenAICompatible({
    // Also the key of provider options and metadata, so it must not depend on the provider's id.
    name: 'callguard',
    baseURL: baseUrl,
    apiKey: 'placeholder',
    fetch: wire.fetch,
    includeUsage: asksForUsage,
    metadataExtractor: reasoningExtractor,
    supportsStructuredOutputs: true,
    transformRequestBody: (body) => renamed(body, outputLimit),
  }).chatModel(model);
  return {
    doStream: ({ prompt, ...options }) =>
      chat.doStream({ ...options, prompt: withReasoningFields(prompt, reasoningHabit) }),
  };
};

function renamed(body: Readonly<Record<string, unknown>>, outputLimit: string): Record<string, unknown> {
  const { max_tokens: limit, ...rest } = body;
  return limit === undefined ? rest : { ...rest, [outputLimit]: limit };
}
