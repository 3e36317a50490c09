import type { JsonVisitor } from '../../shared/json-scanner.ts';

/** The images of a request, and how many bytes of the body are theirs. */
export interface RequestImages {
  readonly count: number;
  readonly bytes: number;
}

/** What a bracket of a request holds. Images are in the parts of a message and in those of a tool's result. */
type Role =
  | 'request'
  | 'messages'
  | 'message'
  | 'content'
  | 'part'
  | 'result'
  | 'resultPart'
  | 'imageUrl'
  | 'source'
  | 'other';

/** The role of what stands in a bracket of the first role, under this name, or as an item for `[]`. */
const roles: Readonly<Partial<Record<Role, Readonly<Record<string, Role>>>>> = {
  request: { messages: 'messages' },
  messages: { '[]': 'message' },
  message: { content: 'content' },
  content: { '[]': 'part' },
  part: { content: 'result', image_url: 'imageUrl', source: 'source' },
  result: { '[]': 'resultPart' },
  resultPart: { image_url: 'imageUrl', source: 'source' },
  imageUrl: {},
  source: {},
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
  url: number | undefined;
  data: number | undefined;
  /** Whether its data are those of an image. Some servers take other files in the place of one. */
  isImage: boolean | undefined;
  /** The images of a tool's result. */
  inside: { count: number; bytes: number };
}

/**
 * Counts the images of a request in OpenAI's or Anthropic's words while a scanner reads it. In doubt a part is text,
 * for which more tokens are estimated.
 */
export class ImageCounter implements JsonVisitor {
  readonly #bytes: Buffer;
  readonly #images = { count: 0, bytes: 0 };
  /** By depth: the role of the open bracket, the name that was read last in it, and the part that it is. */
  readonly #roles: Role[] = [];
  readonly #names: string[] = [];
  readonly #parts: (Part | undefined)[] = [];
  #valueStart = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get images(): RequestImages {
    return this.#images;
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
    // The data of an image may be elsewhere.
    const part = this.#parts[depth];
    if (role === 'source' && part !== undefined) part.data ??= 0;
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
    const length = at - this.#valueStart - 2;
    if (role === 'imageUrl' && name === 'url') outer.url = this.#isImageData() ? length : 0;
    if (role === 'source' && name === 'data') outer.data = length;
    if (role === 'source' && name === 'media_type')
      outer.isImage = (outer.isImage ?? true) && this.#word(this.#valueStart, at).startsWith('image/');
  }

  #objectEnds(depth: number): void {
    const part = this.#parts[depth + 1];
    if (part === undefined) return;
    this.#parts[depth + 1] = undefined;
    if (part.isUnclear) return;
    const holder = this.#roles[depth] === 'result' ? this.#parts[depth - 1]?.inside : this.#images;
    if (holder === undefined) return;
    const data = part.data === undefined || part.isImage === true ? part.data : 0;
    const bytes = part.type === 'image_url' ? part.url : part.type === 'image' ? data : undefined;
    if (bytes !== undefined) add(holder, { count: 1, bytes });
    if (part.type === 'tool_result') add(holder, part.inside);
  }

  /** Whether the string that begins last is the data of an image, not those of another file, and not an address. */
  #isImageData(): boolean {
    const start = this.#valueStart + 1;
    return this.#bytes.toString('latin1', start, start + imageData.length) === imageData;
  }

  /** The word between these quotes; empty if it is too long to mean anything here. */
  #word(start: number, end: number): string {
    return end - start - 2 > longestWord ? '' : this.#bytes.toString('latin1', start + 1, end - 1);
  }
}

const closeObject = 0x7d;
const imageData = 'data:image/';

function emptyPart(): Part {
  return {
    type: undefined,
    isUnclear: false,
    url: undefined,
    data: undefined,
    isImage: undefined,
    inside: { count: 0, bytes: 0 },
  };
}

function add(sum: { count: number; bytes: number }, { count, bytes }: RequestImages): void {
  sum.count += count;
  sum.bytes += bytes;
}
