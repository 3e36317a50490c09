import type { Protocol, ProtocolName } from './protocol.ts';

/** Every protocol. Decoder and encoder are loaded with the first request that has to be translated. */
export const loadProtocol: Readonly<Record<ProtocolName, () => Promise<Protocol>>> = {
  'openai-chat': async () => (await import('./openai-chat/definition.ts')).chatProtocol,
  'openai-responses': async () => (await import('./openai-responses/definition.ts')).responsesProtocol,
  'anthropic-messages': async () => (await import('./anthropic-messages/definition.ts')).messagesProtocol,
  'google-generative': async () => (await import('./google-generative/definition.ts')).generateProtocol,
};
