import { createAnthropic } from '@ai-sdk/anthropic';
import type { DialectModel } from './dialect-model.ts';

/** Anthropic's Messages API. */
export const anthropicMessagesModel: DialectModel = ({ baseUrl, model, wire }) =>
  // The wire puts the real key in.
  createAnthropic({ baseURL: baseUrl, apiKey: 'placeholder', fetch: wire.fetch }).languageModel(model);
