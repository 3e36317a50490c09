import type { Protocol } from '../protocol.ts';
import { decodeMessages } from './decode.ts';
import { streamMessages, wholeMessage } from './encode.ts';

/** Anthropic's Messages API. */
export const messagesProtocol: Protocol = {
  decode: decodeMessages,
  stream: streamMessages,
  whole: wholeMessage,
};
