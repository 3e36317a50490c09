import type { Protocol } from '../protocol.ts';
import { decodeGenerate } from './decode.ts';
import { streamGenerated, wholeGenerated } from './encode.ts';

/** Google's generateContent. */
export const generateProtocol: Protocol = {
  decode: decodeGenerate,
  stream: streamGenerated,
  whole: wholeGenerated,
  hasFiles: true,
};
