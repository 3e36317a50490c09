import { estimateFileTokens } from '../../guard/estimate.ts';
import type { JsonVisitor } from '../../shared/json-scanner.ts';
import { fileLimits } from '../../shared/limits.ts';

/** A string in the body that holds a file. Its places are those of the string's contents. */
export interface FileData {
  readonly start: number;
  readonly end: number;
  /** As the request names it; undefined if it does not, or if the data itself says it. */
  readonly mediaType: string | undefined;
}

/** The files of a request. */
export interface RequestFiles {
  /** How many bytes of the body are theirs. */
  readonly bytes: number;
  /** Of the files that are not in `unread`. */
  readonly tokens: number;
  /** Files whose contents say how long they are. */
  readonly unread: readonly FileData[];
}

/** Where a part of a message has its file. */
type Holder = 'imageUrl' | 'source' | 'file' | 'inputAudio' | 'audioUrl' | 'videoUrl';

/** What a bracket of a request holds. Files are in the parts of a message and in those of a tool's result. */
type Role =
  'request' | 'messages' | 'message' | 'content' | 'part' | 'result' | 'resultPart' | Holder | 'other';

const holders = {
  image_url: 'imageUrl',
  source: 'source',
  file: 'file',
  input_audio: 'inputAudio',
  audio_url: 'audioUrl',
  video_url: 'videoUrl',
} as const satisfies Readonly<Record<string, Holder>>;

/** The types of parts that are files, and where each has its file. */
const holderOfType: Readonly<Record<string, Holder>> = { ...holders, image: 'source', document: 'source' };

/** The member with the file's data, or with its address. */
const dataNames: Readonly<Record<Holder, string>> = {
  imageUrl: 'url',
  source: 'data',
  file: 'file_data',
  inputAudio: 'data',
  audioUrl: 'url',
  videoUrl: 'url',
};

/** The role of what stands in a bracket of the first role, under this name, or as an item for `[]`. */
const roles: Readonly<Partial<Record<Role, Readonly<Record<string, Role>>>>> = {
  request: { messages: 'messages' },
  messages: { '[]': 'message' },
  message: { content: 'content' },
  content: { '[]': 'part' },
  part: { content: 'result', ...holders },
  result: { '[]': 'resultPart' },
  resultPart: holders,
  imageUrl: {},
  source: {},
  file: {},
  inputAudio: {},
  audioUrl: {},
  videoUrl: {},
};

const lists: ReadonlySet<Role> = new Set<Role>(['messages', 'content', 'result']);

const quote = 0x22;
const openObject = 0x7b;
const openList = 0x5b;

/** The longest name and the longest type that mean something here. */
const longestWord = 16;

interface Part {
  type: string | undefined;
  /** One of its names may mean `type` to another reader. */
  isUnclear: boolean;
  /** The members `type` and `media_type` of what holds the file, and `format` of audio. */
  sourceType: string | undefined;
  mediaType: string | undefined;
  readonly data: Partial<Record<Holder, Span>>;
  /** The files of a tool's result. */
  readonly inside: Files;
}

/** A string's contents. Empty for a file that is elsewhere. */
interface Span {
  readonly start: number;
  readonly end: number;
}

interface Files {
  bytes: number;
  tokens: number;
  readonly unread: FileData[];
}

/**
 * Finds the files of a request in OpenAI's or Anthropic's words while a scanner reads it. In doubt a part is text, for
 * which more tokens are estimated.
 */
export class FileFinder implements JsonVisitor {
  readonly #bytes: Buffer;
  readonly #files: Files = emptyFiles();
  /** By depth: the role of the open bracket, the name that was read last in it, and the part that it is. */
  readonly #roles: Role[] = [];
  readonly #names: string[] = [];
  readonly #parts: (Part | undefined)[] = [];
  #valueStart = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get files(): RequestFiles {
    return this.#files;
  }

  name(start: number, end: number, hasEscape: boolean, depth: number): void {
    if (this.#roles[depth] === 'other') return;
    const name = hasEscape ? '' : this.#word(start, end);
    this.#names[depth] = name;
    const part = this.#parts[depth];
    if (part === undefined) return;
    const isAnotherType = name.toLowerCase() === 'type' && (name !== 'type' || part.type !== undefined);
    if (hasEscape || isAnotherType) part.isUnclear = true;
  }

  begin(at: number, byte: number, depth: number): void {
    this.#valueStart = at;
    if (byte !== openObject && byte !== openList) return;
    const role = this.#roleOf(byte, depth);
    this.#roles[depth + 1] = role;
    this.#parts[depth + 1] = undefined;
    if (role === 'part' || role === 'resultPart') this.#parts[depth + 1] = emptyPart();
    // The data of a file may be elsewhere.
    const part = this.#parts[depth];
    if (role in dataNames && part !== undefined) part.data[role as Holder] ??= { start: at, end: at };
  }

  end(at: number, depth: number): void {
    const last = this.#bytes[at - 1];
    if (last === quote) this.#stringEnds(at, depth);
    else if (last === closeObject) this.#objectEnds(depth);
  }

  #roleOf(byte: number, depth: number): Role {
    if (depth === 0) return byte === openObject ? 'request' : 'other';
    const outer = this.#roles[depth] ?? 'other';
    const name = lists.has(outer) ? '[]' : (this.#names[depth] ?? '');
    const names = roles[outer];
    const role = names !== undefined && Object.hasOwn(names, name) ? names[name] : undefined;
    return role !== undefined && lists.has(role) === (byte === openList) ? role : 'other';
  }

  #stringEnds(at: number, depth: number): void {
    const role = this.#roles[depth];
    const name = this.#names[depth];
    const part = this.#parts[depth];
    if (part !== undefined && name === 'type') part.type = this.#word(this.#valueStart, at);
    const outer = this.#parts[depth - 1];
    if (outer === undefined) return;
    if (role === undefined || !(role in dataNames)) return;
    if (name === 'type') outer.sourceType = this.#word(this.#valueStart, at);
    if (name === 'media_type') outer.mediaType = oneOf(outer.mediaType, this.#word(this.#valueStart, at));
    if (name === 'format') outer.mediaType = `audio/${this.#word(this.#valueStart, at)}`;
    if (name === dataNames[role as Holder])
      outer.data[role as Holder] = { start: this.#valueStart + 1, end: at - 1 };
  }

  #objectEnds(depth: number): void {
    const part = this.#parts[depth + 1];
    if (part === undefined) return;
    this.#parts[depth + 1] = undefined;
    if (part.isUnclear) return;
    const files = this.#roles[depth] === 'result' ? this.#parts[depth - 1]?.inside : this.#files;
    if (files === undefined) return;
    const holder = holderOfType[part.type ?? ''];
    const data = holder === undefined ? undefined : part.data[holder];
    // The text of a document counts as text.
    const isText = part.type === 'document' && (part.sourceType === 'text' || part.sourceType === 'content');
    if (data !== undefined && !isText) this.#addFile(files, part, data);
    if (part.type === 'tool_result') addFiles(files, part.inside);
  }

  #addFile(files: Files, { type, mediaType }: Part, data: Span): void {
    const isAudio = type === 'input_audio' || type === 'audio_url';
    if (type === 'image_url' || type === 'image') {
      files.tokens += estimateFileTokens('image', {});
      // Some servers take other files in the place of an image. Those, and addresses, count as text too.
      const isImage =
        type === 'image' ? mediaType?.startsWith('image/') : this.#startsWith(data, 'data:image/');
      if (isImage === true) files.bytes += data.end - data.start;
    } else if (type === 'audio_url' && !this.#startsWith(data, 'data:')) {
      files.tokens += estimateFileTokens('audio', {});
    } else {
      files.bytes += data.end - data.start;
      if (type === 'video_url') files.tokens += estimateFileTokens('video', {});
      else if (data.start === data.end || files.unread.length >= fileLimits.readFiles)
        files.tokens += estimateFileTokens(isAudio ? 'audio' : 'pdf', {});
      else files.unread.push({ ...data, mediaType });
    }
  }

  #startsWith({ start, end }: Span, text: string): boolean {
    return this.#bytes.toString('latin1', start, Math.min(end, start + text.length)) === text;
  }

  /** The word between these quotes; empty if it is too long to mean anything here. */
  #word(start: number, end: number): string {
    return end - start - 2 > longestWord ? '' : this.#bytes.toString('latin1', start + 1, end - 1);
  }
}

const closeObject = 0x7d;

function emptyPart(): Part {
  return {
    type: undefined,
    isUnclear: false,
    sourceType: undefined,
    mediaType: undefined,
    data: {},
    inside: emptyFiles(),
  };
}

function emptyFiles(): Files {
  return { bytes: 0, tokens: 0, unread: [] };
}

/** Two media types are none. */
function oneOf(before: string | undefined, now: string): string {
  return before === undefined || before === now ? now : '';
}

function addFiles(files: Files, { bytes, tokens, unread }: Files): void {
  files.bytes += bytes;
  files.tokens += tokens;
  for (const file of unread) {
    if (files.unread.length < fileLimits.readFiles) files.unread.push(file);
    else files.tokens += estimateFileTokens('other', {});
  }
}
