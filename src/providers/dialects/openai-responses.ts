import { createOpenAI } from '@ai-sdk/openai';
import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { DialectModel } from './dialect-model.ts';

/** OpenAI's Responses API. */
export const openaiResponsesModel: DialectModel = ({ baseUrl, model, wire }) => {
  // The wire puts the real key in.
  const responses = createOpenAI({ baseURL: baseUrl, apiKey: 'placeholder', fetch: wire.fetch }).responses(
    model,
  );
  return { doStream: (options) => responses.doStream(ourWay(options)) };
};

/**
 * The API would keep every prompt and answer for a month, to be referred to later; each of our prompts is whole, and
 * nobody is to keep it. And where nothing is said it makes a tool's schema strict, which asks the model for every
 * argument that may be left out.
 */
function ourWay(options: LanguageModelV4CallOptions): LanguageModelV4CallOptions {
  const { tools } = options;
  return {
    ...options,
    providerOptions: { openai: { store: false } },
    ...(tools === undefined
      ? {}
      : { tools: tools.map((tool) => (tool.type === 'function' ? { strict: false, ...tool } : tool)) }),
  };
}
