import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import { PageCounter, wavSeconds } from '../shared/file-length.ts';
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
/** Anthropic's page on PDF support gives 1,500 to 3,000 tokens for the text of a page. Google counts 258. */
const tokensPerPage = 3_000;
/** Google's page on tokens: 32 tokens for a second of audio. OpenAI's count is lower. */
const tokensPerSecond = 32;

/** The kinds of files whose cost does not depend on their bytes. */
export type FileKind = 'image' | 'pdf' | 'audio' | 'video' | 'other';

/** For files of unknown length: 20 pages, 10 minutes of audio, 5 minutes of video at Google's 300 tokens a second. */
const tokensOfUnknown: Readonly<Record<FileKind, number>> = {
  image: tokensPerImage,
  pdf: 60_000,
  audio: 20_000,
  video: 90_000,
  other: 60_000,
};

/** What is known of a file besides its kind. */
export interface FileLength {
  /** Of its contents, not of base64. */
  readonly bytes?: number;
  readonly pages?: number | undefined;
  readonly seconds?: number | undefined;
}

/** Input tokens of a file: by its pages or seconds if they are known, else a bound for its kind. Never by its bytes. */
export function estimateFileTokens(kind: FileKind, { bytes, pages, seconds }: FileLength): number {
  if (kind === 'image') return tokensPerImage;
  if (pages !== undefined) return pages * tokensPerPage;
  if (seconds !== undefined) return Math.ceil(seconds * tokensPerSecond);
  // A tiny file cannot have as much in it.
  return Math.min(tokensOfUnknown[kind], Math.max(1, bytes ?? Infinity));
}

export function fileKindOf(mediaType: string): FileKind | 'text' {
  const [family = '', subtype = ''] = mediaType.toLowerCase().split(/[/;]/, 2);
  if (family === 'image' || family === 'audio' || family === 'video') return family;
  if (subtype === 'pdf') return 'pdf';
  return family === 'text' || /json|xml|yaml|javascript|typescript|csv/.test(subtype) ? 'text' : 'other';
}

/**
 * Input tokens of a pass-through request. The whole body counts as text, except for its files, whose cost does not
 * depend on their bytes.
 */
export function estimatePassThroughTokens(
  bodyBytes: number,
  files: { readonly bytes: number; readonly tokens: number },
): number {
  return Math.ceil((bodyBytes - files.bytes) / bytesPerToken) + files.tokens;
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
  const { providerOptions } = message;
  // Reasoning of an earlier answer is attached to its message.
  let tokens =
    tokensPerMessage + (providerOptions === undefined ? 0 : textTokens(JSON.stringify(providerOptions)));
  for (const part of message.content) {
    if (part.type === 'text' || part.type === 'reasoning') tokens += textTokens(part.text);
    else if (part.type === 'file' || part.type === 'reasoning-file') tokens += fileTokens(part);
    else tokens += textTokens(JSON.stringify(part));
  }
  return tokens;
}

/** A file of text counts by its bytes. */
function fileTokens({ mediaType, data }: FilePart): number {
  const kind = fileKindOf(mediaType);
  if (kind === 'image') return tokensPerImage;
  switch (data.type) {
    case 'data':
      return kind === 'text' ? Math.ceil(byteLength(data.data) / bytesPerToken) : dataTokens(kind, data.data);
    case 'text':
      return textTokens(data.text);
    case 'url':
    case 'reference':
      return kind === 'text' ? tokensPerImage : tokensOfUnknown[kind];
    default:
      return assertNever(data);
  }
}

/** A string is base64. */
function dataTokens(kind: FileKind, data: Uint8Array | string): number {
  const bytes = typeof data === 'string' ? Buffer.from(data, 'base64') : data;
  if (kind === 'audio')
    return estimateFileTokens(kind, { bytes: bytes.length, seconds: wavSeconds(bytes, bytes.length) });
  if (kind !== 'pdf') return estimateFileTokens(kind, { bytes: bytes.length });
  const counter = new PageCounter();
  counter.push(bytes);
  return estimateFileTokens(kind, { bytes: bytes.length, pages: counter.end() });
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
