import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import { assertNever } from '../shared/result.ts';
import { isPassThrough, type AnyPrompt, type Part } from './call.ts';

/** English has about 4 bytes a token and code about 3, so this estimate is high for both. */
const bytesPerToken = 2.5;
/** The role, the separators, and what a dialect adds around a message. */
const tokensPerMessage = 8;
/**
 * An image at full detail costs from 85 to about 1,600 tokens, depending on provider and size. Also used for a file
 * behind a URL or a provider's reference, because its size is unknown.
 */
const tokensPerImage = 1_600;

/**
 * Input tokens of a pass-through request. The whole body counts as text, except for its images, whose cost does not
 * depend on their bytes.
 */
export function estimatePassThroughTokens(
  bodyBytes: number,
  images: { count: number; bytes: number },
): number {
  return Math.ceil((bodyBytes - images.bytes) / bytesPerToken) + images.count * tokensPerImage;
}

/** Output tokens in this many bytes of text. */
export function tokensOfBytes(bytes: number): number {
  return bytes / bytesPerToken;
}

/** Input tokens of a prompt. A fast and high estimate, without a tokenizer. */
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

/** An image counts as the most that a provider charges for one. Any other file counts by its bytes, like text. */
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

/** A string is base64. */
function byteLength(data: Uint8Array | string): number {
  return typeof data === 'string' ? Buffer.byteLength(data, 'base64') : data.byteLength;
}

function textTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / bytesPerToken);
}

/** Output tokens of one part, estimated like a prompt. For answers that report no usage. */
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
