import { createGoogle } from '@ai-sdk/google';
import type { DialectModel } from './dialect-model.ts';

/** Google's `streamGenerateContent`. */
export const googleGenerativeModel: DialectModel = ({ baseUrl, model, wire }) =>
  // The wire puts the real key in.
  createGoogle({ baseURL: baseUrl, apiKey: 'placeholder', fetch: wire.fetch }).languageModel(model);
