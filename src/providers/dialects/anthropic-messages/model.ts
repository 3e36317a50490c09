import { createAnthropic } from '@ai-sdk/anthropic';
import type { LanguageModelV4Message } from '@ai-sdk/provider';
import type { DialectModel } from '../dialect.ts';

export const anthropicMessagesModel: DialectModel = ({ baseUrl, model, wire }) => {
  const messages = createAnthropic({ baseURL: baseUrl, apiKey: 'placeholder', fetch: wire.fetch });
  const languageModel = messages.languageModel(model);
  return {
    doStream: ({ prompt, ...options }) =>
      languageModel.doStream({ ...options, prompt: prompt.filter((message) => !isEmptySystem(message)) }),
  };
};

/** The API refuses a system message without a text. */
function isEmptySystem(message: LanguageModelV4Message): boolean {
  return message.role === 'system' && message.content.trim() === '';
}
