import { createOpenAI } from '@ai-sdk/openai';
import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { DialectModel } from '../dialect.ts';

export const openaiResponsesModel: DialectModel = ({ baseUrl, model, wire }) => {
  const responses = createOpenAI({ baseURL: baseUrl, apiKey: 'placeholder', fetch: wire.fetch }).responses(
    model,
  );
  return { doStream: (options) => responses.doStream(withOurDefaults(options)) };
};

/**
 * By default the API stores every prompt and answer for a month so that later requests can refer to them. Each of our
 * prompts is complete, and must not be stored. By default it also makes a tool's schema strict, which forces the model
 * to send every optional argument.
 */
function withOurDefaults(options: LanguageModelV4CallOptions): LanguageModelV4CallOptions {
  const { tools, providerOptions } = options;
  return {
    ...options,
    providerOptions: { ...providerOptions, openai: { ...providerOptions?.['openai'], store: false } },
    ...(tools === undefined
      ? {}
      : { tools: tools.map((tool) => (tool.type === 'function' ? { strict: false, ...tool } : tool)) }),
  };
}
