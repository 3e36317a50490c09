import type { DialectDefinition } from '../dialect.ts';
import { responsesContentBytes, openaiResponsesEnd } from './events.ts';
import { openaiResponsesUsage } from './usage.ts';

/** OpenAI's Responses API. */
export const openaiResponses: DialectDefinition = {
  loadModel: async () => (await import('./model.ts')).openaiResponsesModel,
  end: openaiResponsesEnd,
  answerMembers: ['type', 'output'],
  usage: openaiResponsesUsage,
  contentBytes: responsesContentBytes,
  listPath: '/models',
};
