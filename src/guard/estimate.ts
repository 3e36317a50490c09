import type { LanguageModelV4Prompt, LanguageModelV4ToolResultPart } from '@ai-sdk/provider';
import { PageCounter, wavSeconds } from '../shared/file-length.ts';
import { fileLimits } from '../shared/limits.ts';
import { assertNever } from '../shared/result.ts';
import type { Work } from '../shared/slices.ts';
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

/** The head of a WAV file has 44 bytes. A multiple of 4, so that it is base64 by itself. */
const audioHeadChars = 88;

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

/** Input tokens of a prompt. A fast and high estimate, without a tokenizer. In steps, because a prompt may be large. */
export function* estimateInputTokens(prompt: AnyPrompt): Work<number> {
  if (isPassThrough(prompt)) return prompt.inputTokens;
  let tokens = 0;
  for (const message of prompt.prompt) {
    tokens += yield* messageTokens(message);
    yield;
  }
  return tokens + (prompt.tools === undefined ? 0 : yield* valueTokens(prompt.tools));
}

function* messageTokens(message: LanguageModelV4Prompt[number]): Work<number> {
  if (message.role === 'system') return tokensPerMessage + textTokens(message.content);
  const { providerOptions } = message;
  // Reasoning of an earlier answer is attached to its message.
  let tokens = tokensPerMessage + (providerOptions === undefined ? 0 : yield* valueTokens(providerOptions));
  for (const part of message.content) {
    if (part.type === 'text' || part.type === 'reasoning') tokens += textTokens(part.text);
    else if (part.type === 'file' || part.type === 'reasoning-file') tokens += yield* fileTokens(part);
    else if (part.type === 'tool-result') tokens += yield* resultTokens(part);
    else tokens += yield* valueTokens(part);
    yield;
  }
  return tokens;
}

/** Files in the result of a tool, such as screenshots, count like other files. */
function* resultTokens(part: LanguageModelV4ToolResultPart): Work<number> {
  const { output } = part;
  if (output.type !== 'content') return yield* valueTokens(part);
  const files = output.value.filter((each) => each.type === 'file');
  const others = output.value.filter((each) => each.type !== 'file');
  let tokens = yield* valueTokens({ ...part, output: { ...output, value: others } });
  for (const file of files) tokens += yield* fileTokens(file);
  return tokens;
}

/** A file of text counts by its bytes. */
function* fileTokens({ mediaType, data }: Pick<FilePart, 'mediaType' | 'data'>): Work<number> {
  const kind = fileKindOf(mediaType);
  if (kind === 'image') return tokensPerImage;
  switch (data.type) {
    case 'data':
      return kind === 'text'
        ? Math.ceil(byteLength(data.data) / bytesPerToken)
        : yield* dataTokens(kind, data.data);
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
function* dataTokens(kind: FileKind, data: Uint8Array | string): Work<number> {
  const bytes = byteLength(data);
  if (kind === 'audio') {
    const head = bytesOf(data, 0, audioHeadChars);
    return estimateFileTokens(kind, { bytes, seconds: wavSeconds(head, bytes) });
  }
  if (kind !== 'pdf') return estimateFileTokens(kind, { bytes });
  const counter = new PageCounter();
  for (let at = 0; at < data.length; at += fileLimits.stepChars) {
    counter.push(bytesOf(data, at, at + fileLimits.stepChars));
    yield;
  }
  return estimateFileTokens(kind, { bytes, pages: counter.end() });
}

function bytesOf(data: Uint8Array | string, start: number, end: number): Uint8Array {
  return typeof data === 'string' ? Buffer.from(data.slice(start, end), 'base64') : data.subarray(start, end);
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

function* valueTokens(value: unknown): Work<number> {
  return Math.ceil((yield* jsonBytes(value)) / bytesPerToken);
}

/** The bytes of a value as JSON. Escapes count as what they stand for. */
function* jsonBytes(value: unknown): Work<number> {
  if (typeof value === 'string') return Buffer.byteLength(value) + 2;
  if (typeof value !== 'object' || value === null) return String(value).length;
  if (value instanceof URL) return value.href.length + 2;
  if (value instanceof Uint8Array) return byteLength(value);
  let bytes = 2;
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    bytes += (Array.isArray(value) ? 1 : name.length + 4) + (yield* jsonBytes(member));
  }
  yield;
  return bytes;
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
