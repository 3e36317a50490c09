import { anthropicMessages } from './anthropic-messages/definition.ts';
import type { DialectDefinition, PassThroughFormat } from './dialect.ts';
import { googleGenerative } from './google-generative/definition.ts';
import { openaiChat } from './openai-chat/definition.ts';
import { openaiResponses } from './openai-responses/definition.ts';

/** Every dialect. To add one, write its folder and list its definition here. */
export const dialects = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'anthropic-messages': anthropicMessages,
  'google-generative': googleGenerative,
} as const satisfies Record<string, DialectDefinition>;

/** A wire format over HTTP. */
export type WireDialect = keyof typeof dialects;

/** How requests of a dialect are passed through; undefined if they are not, or for an unknown name. */
export function passThroughFormat(dialect: string): PassThroughFormat | undefined {
  return Object.hasOwn(dialects, dialect) ? dialects[dialect as WireDialect].passThrough : undefined;
}
