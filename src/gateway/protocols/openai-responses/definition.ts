import type { Protocol } from '../protocol.ts';
import { decodeResponses } from './decode.ts';
import { wholeResponse } from './encode.ts';
import { ResponseStream } from './stream.ts';

/** OpenAI's Responses API. */
export const responsesProtocol: Protocol = {
  decode: decodeResponses,
  stream: (context) => new ResponseStream(context),
  whole: wholeResponse,
};
