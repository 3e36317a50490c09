import type { DialectDefinition } from '../dialect.ts';
import { responsesContentBytes, openaiResponsesEnd } from './events.ts';
import { createResponsesSdkEvents } from './sdk-events.ts';
import { openaiResponsesUsage } from './usage.ts';

/** OpenAI's Responses API. */
export const openaiResponses: DialectDefinition = {
  loadModel: async () => (await import('./model.ts')).openaiResponsesModel,
  loadFit: async () => (await import('./fit.ts')).fitResponses,
  end: openaiResponsesEnd,
  answerMembers: ['type', 'output'],
  usage: openaiResponsesUsage,
  contentBytes: responsesContentBytes,
  sdkEvents: createResponsesSdkEvents,
  listPath: '/models',
  passThrough: { path: '/responses', limitName: 'max_output_tokens' },
};
