import type { DialectDefinition } from '../dialect.ts';
import { chatContentBytes, chatEventForSdk, openaiChatEnd } from './events.ts';
import { openaiChatPassThrough } from './passthrough.ts';
import { openaiChatUsage } from './usage.ts';

/** OpenAI's chat completions, which most providers support. */
export const openaiChat: DialectDefinition = {
  loadModel: async () => (await import('./model.ts')).openaiChatModel,
  end: openaiChatEnd,
  answerMembers: ['choices'],
  usage: openaiChatUsage,
  contentBytes: chatContentBytes,
  forSdk: chatEventForSdk,
  listPath: '/models',
  passThrough: openaiChatPassThrough,
};
