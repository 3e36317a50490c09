import { createAnthropic } from '@ai-sdk/anthropic';
import type { DialectModel } from '../dialect.ts';

export const anthropicMessagesModel: DialectModel = ({ baseUrl, model, wire }) =>
  createAnthropic({ baseURL: baseUrl, apiKey: 'placeholder', fetch: wire.fetch }).languageModel(model);
