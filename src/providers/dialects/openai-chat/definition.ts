import type { DialectDefinition } from '../dialect.ts';
import { chatContentBytes, openaiChatEnd } from './events.ts';
import { openaiChatPassThrough } from './passthrough.ts';
import { chatEventForSdk } from './sdk-events.ts';
import { openaiChatUsage } from './usage.ts';

/** OpenAI's chat completions, which most providers support. */
export const openaiChat: DialectDefinition = {
  loadModel: async () => (await import('./model.ts')).openaiChatModel,
  loadFit: async () => (await import('./fit.ts')).fitChat,
  end: openaiChatEnd,
  answerMembers: ['choices'],
  usage: openaiChatUsage,
  contentBytes: chatContentBytes,
  sdkEvents: () => chatEventForSdk,
  listPath: '/models',
  passThrough: openaiChatPassThrough,
};
