import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import type { DialectModel } from '../dialect.ts';

export const openaiChatModel: DialectModel = ({
  baseUrl,
  model,
  wire,
  outputLimit,
  asksForUsage,
}): LanguageModelV4 =>
  createOpenAICompatible({
    // Also the key of provider options and metadata, so it must not depend on the provider's id.
    name: 'callguard',
    baseURL: baseUrl,
    apiKey: 'placeholder',
    fetch: wire.fetch,
    includeUsage: asksForUsage,
    ...(outputLimit === undefined ? {} : { transformRequestBody: (body) => renamed(body, outputLimit) }),
  }).chatModel(model);

function renamed(body: Readonly<Record<string, unknown>>, outputLimit: string): Record<string, unknown> {
  const { max_tokens: limit, ...rest } = body;
  return limit === undefined ? rest : { ...rest, [outputLimit]: limit };
}
