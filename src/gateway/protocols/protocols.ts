import { parseInSteps } from '../../shared/json-outline.ts';
import { answerLimits } from '../../shared/limits.ts';
import type { Result } from '../../shared/result.ts';
import { inSlices, type Work } from '../../shared/slices.ts';
import type { DecodedRequest, DecodeError, Protocol, ProtocolName } from './protocol.ts';

/** Every protocol. Decoder and encoder are loaded with the first request that has to be translated. */
export const loadProtocol: Readonly<Record<ProtocolName, () => Promise<Protocol>>> = {
  'openai-chat': async () => (await import('./openai-chat/definition.ts')).chatProtocol,
  'openai-responses': async () => (await import('./openai-responses/definition.ts')).responsesProtocol,
  'anthropic-messages': async () => (await import('./anthropic-messages/definition.ts')).messagesProtocol,
  'google-generative': async () => (await import('./google-generative/definition.ts')).generateProtocol,
};

/** A body, which is a JSON object, as a translated prompt. In slices. Undefined if the signal aborts before the end. */
export async function decodeBody(
  { decode }: Protocol,
  bytes: Buffer,
  signal: AbortSignal,
): Promise<Result<DecodedRequest, DecodeError> | undefined> {
  return inSlices(decodeInSteps(decode, bytes), signal);
}

function* decodeInSteps(
  decode: Protocol['decode'],
  bytes: Buffer,
): Work<Result<DecodedRequest, DecodeError>> {
  const isShort = bytes.length <= answerLimits.parsedBytes;
  const body: unknown = isShort ? JSON.parse(bytes.toString()) : yield* parseInSteps(bytes);
  yield;
  return yield* decode(body);
}
