import { messagesErrors } from './anthropic-messages/errors.ts';
import { generateErrors } from './google-generative/errors.ts';
import { chatErrors } from './openai-chat/errors.ts';
import { responsesErrors } from './openai-responses/errors.ts';
import type { ErrorForm, Protocol, ProtocolName } from './protocol.ts';

interface ProtocolEntry {
  readonly errors: ErrorForm;
  /** Loads decoder and encoder with the first request that has to be translated. */
  readonly load: () => Promise<Protocol>;
}

/** Every protocol. To add one, write its folder and list it here. */
export const protocols: Readonly<Record<ProtocolName, ProtocolEntry>> = {
  'openai-chat': {
    errors: chatErrors,
    load: async () => (await import('./openai-chat/definition.ts')).chatProtocol,
  },
  'openai-responses': {
    errors: responsesErrors,
    load: async () => (await import('./openai-responses/definition.ts')).responsesProtocol,
  },
  'anthropic-messages': {
    errors: messagesErrors,
    load: async () => (await import('./anthropic-messages/definition.ts')).messagesProtocol,
  },
  'google-generative': {
    errors: generateErrors,
    load: async () => (await import('./google-generative/definition.ts')).generateProtocol,
  },
};
