import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import { assertNever } from '../shared/result.ts';
import { isPassThrough, type AnyPrompt, type Part } from './call.ts';

/** English has about 4 bytes a token, code about 3; this is on the high side for both. */
const bytesPerToken = 2.5;
/** Role, separators, and what a dialect wraps around a message. */
const tokensPerMessage = 8;
/**
 * An image at full detail costs from 85 to some 1,600 tokens, by provider and size. Also taken for what is only
 * pointed to, by a URL or a provider's own reference, as nobody knows its size.
 */
const tokensPerImage = 1_600;

/**
 * Input tokens of a request in a dialect's own words: all of its body counts as text, but for its images, which cost
 * the same whatever their bytes.
 */
export function estimatePassThroughTokens(
  bodyBytes: number,
  images: { count: number; bytes: number },
): number {
  return Math.ceil((bodyBytes - images.bytes) / bytesPerToken) + images.count * tokensPerImage;
}

/** Output tokens of so many bytes of text. */
export function tokensOfBytes(bytes: number): number {
  return bytes / bytesPerToken;
}

/** Input tokens of a prompt, estimated fast and on the high side; no tokenizer. */
export function estimateInputTokens(prompt: AnyPrompt): number {
  if (isPassThrough(prompt)) return prompt.inputTokens;
  const messages = prompt.prompt.reduce((sum, message) => sum + messageTokens(message), 0);
  const tools = prompt.tools === undefined ? 0 : textTokens(JSON.stringify(prompt.tools));
  return messages + tools;
}

function messageTokens(message: LanguageModelV4Prompt[number]): number {
  if (message.role === 'system') return tokensPerMessage + textTokens(message.content);
  let tokens = tokensPerMessage;
  for (const part of message.content) {
    if (part.type === 'text' || part.type === 'reasoning') tokens += textTokens(part.text);
    else if (part.type === 'file' || part.type === 'reasoning-file') tokens += fileTokens(part);
    else tokens += textTokens(JSON.stringify(part));
  }
  return tokens;
}

/** An image by the most that it is charged as, whatever its bytes; any other file by its bytes, as text is. */
function fileTokens({ mediaType, data }: FilePart): number {
  if (mediaType.split('/', 1)[0] === 'image') return tokensPerImage;
  switch (data.type) {
    case 'data':
      return Math.ceil(byteLength(data.data) / bytesPerToken);
    case 'text':
      return textTokens(data.text);
    case 'url':
    case 'reference':
      return tokensPerImage;
    default:
      return assertNever(data);
  }
}

type FilePart = Extract<
  Exclude<LanguageModelV4Prompt[number], { role: 'system' }>['content'][number],
  { type: 'file' | 'reasoning-file' }
>;

/** Text is base64. */
function byteLength(data: Uint8Array | string): number {
  return typeof data === 'string' ? Buffer.byteLength(data, 'base64') : data.byteLength;
}

function textTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / bytesPerToken);
}

/** Output tokens of one part of an answer, estimated as for a prompt: for answers that report no usage. */
export function estimateOutputTokens(part: Part): number {
  switch (part.type) {
    case 'text-delta':
    case 'reasoning-delta':
    case 'tool-input-delta':
      return tokensOfBytes(Buffer.byteLength(part.delta));
    case 'file':
      return tokensPerImage;
    case 'bytes':
      return part.tokens;
    default:
      return 0;
  }
}
