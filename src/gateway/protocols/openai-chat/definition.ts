import type { Protocol } from '../protocol.ts';
import { decodeChat } from './decode.ts';
import { streamCompletion, wholeCompletion } from './encode.ts';

/** OpenAI's chat completions. */
export const chatProtocol: Protocol = {
  decode: decodeChat,
  stream: streamCompletion,
  whole: wholeCompletion,
};
