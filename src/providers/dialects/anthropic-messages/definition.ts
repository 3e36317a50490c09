import type { DialectDefinition } from '../dialect.ts';
import { anthropicMessagesEnd, messagesContentBytes } from './events.ts';
import { withoutLostThinking } from './lost-thinking.ts';
import { createMessagesSdkEvents } from './sdk-events.ts';
import { anthropicMessagesUsage } from './usage.ts';

/** Anthropic's Messages API. */
export const anthropicMessages: DialectDefinition = {
  loadModel: async () => (await import('./model.ts')).anthropicMessagesModel,
  loadFit: async () => (await import('./fit.ts')).fitAnthropic,
  // The package reports `message_start` as a part, which is as empty as a role alone.
  emptyParts: new Set(['anthropic.message_start']),
  end: anthropicMessagesEnd,
  answerMembers: ['content', 'delta', 'content_block'],
  usage: anthropicMessagesUsage,
  sdkEvents: createMessagesSdkEvents,
  contentBytes: messagesContentBytes,
  fitBody: withoutLostThinking,
  // The most that a page may have (Anthropic's API reference, 'List Models').
  listPath: '/models?limit=1000',
  passThrough: {
    path: '/messages',
    operations: { count: { path: '/messages/count_tokens', answerMembers: ['input_tokens'] } },
  },
};
