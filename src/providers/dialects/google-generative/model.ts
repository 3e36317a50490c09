import { createGoogle } from '@ai-sdk/google';
import type { DialectModel } from '../dialect.ts';

export const googleGenerativeModel: DialectModel = ({ baseUrl, model, wire }) =>
  createGoogle({ baseURL: baseUrl, apiKey: 'placeholder', fetch: wire.fetch }).languageModel(model);
