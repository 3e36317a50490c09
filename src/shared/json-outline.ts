import { longStringAt, stringAt } from './json-members.ts';
import { JsonScanner, type JsonVisitor } from './json-scanner.ts';
import { jsonLimits, redactionLimits, sliceLimits } from './limits.ts';
import type { Work } from './slices.ts';

/** What a JSON text says, as far as that takes little memory. */
export interface JsonOutline {
  /**
   * The value of the text, like that of a parser. Of long strings only the beginnings, of long lists the first items,
   * and nothing that is very deep. Members that no list holds are always there, unless there are thousands of them.
   */
  readonly value: unknown;
  /** The values in the whole text. */
  readonly values: number;
  /** The bytes of strings that are not in `value`. */
  readonly leftOutBytes: number;
}

/** As many bytes of a string are kept that no cut shows in a message. A character has up to six as an escape. */
const longestBytes = 6 * (redactionLimits.readChars + redactionLimits.edgeChars + 1);

/** How much of a text is kept. */
interface Bounds {
  readonly depth: number;
  /** Of one list. */
  readonly items: number;
  readonly values: number;
  readonly nameBytes: number;
  /** Of one string, and of all that are not short. */
  readonly stringBytes: number;
  readonly allStringBytes: number;
}

const outlined: Bounds = {
  depth: jsonLimits.outlineDepth,
  items: jsonLimits.outlineItems,
  values: jsonLimits.outlineValues,
  nameBytes: jsonLimits.nameBytes,
  stringBytes: longestBytes,
  allStringBytes: 4 * longestBytes,
};

const everything: Bounds = {
  depth: Infinity,
  items: Infinity,
  values: Infinity,
  nameBytes: Infinity,
  stringBytes: Infinity,
  allStringBytes: Infinity,
};

const quote = 0x22;
const openObject = 0x7b;
const openList = 0x5b;
const closeObject = 0x7d;
const closeList = 0x5d;

/** Reads a JSON text of any size without building its tree. Undefined if it is not JSON, or too deep. */
export function outlineOf(bytes: Buffer): Work<JsonOutline | undefined> {
  return build(bytes, outlined);
}

/** The value of a JSON text, as from `JSON.parse`, in steps. Undefined if it is not JSON, or too deep. */
export function* parseInSteps(bytes: Buffer): Work<unknown> {
  return (yield* build(bytes, everything))?.value;
}

function* build(bytes: Buffer, bounds: Bounds): Work<JsonOutline | undefined> {
  const builder = new OutlineBuilder(bytes, bounds);
  const scanner = new JsonScanner(bytes, builder);
  for (let end = scanner.advance(sliceLimits.bytesOfStrings); ;) {
    yield* builder.readLongStrings();
    if (end !== undefined) return end === 'done' ? builder : undefined;
    yield;
    end = scanner.advance(sliceLimits.bytesOfStrings);
  }
}

type Holder = Record<string, unknown> | unknown[];

interface LongString {
  readonly start: number;
  readonly end: number;
  readonly hasEscape: boolean;
  readonly put: (text: string) => void;
}

class OutlineBuilder implements JsonVisitor, JsonOutline {
  value: unknown;
  values = 0;
  leftOutBytes = 0;
  readonly #bytes: Buffer;
  /** By depth: the bracket around the values at this depth. Undefined where nothing is kept. */
  readonly #holders: (Holder | undefined)[] = [];
  /** By depth: whether a list is around it. */
  readonly #isInList: boolean[] = [];
  readonly #names: (string | undefined)[] = [];
  #longStrings: LongString[] = [];
  #start = 0;
  #kept = 0;
  #keptBytes = 0;

  readonly #bounds: Bounds;

  constructor(bytes: Buffer, bounds: Bounds) {
    this.#bytes = bytes;
    this.#bounds = bounds;
  }

  *readLongStrings(): Work<void> {
    const strings = this.#longStrings;
    this.#longStrings = [];
    for (const { start, end, hasEscape, put } of strings) {
      put(yield* longStringAt(this.#bytes, start, end, hasEscape, this.#bounds.stringBytes));
      yield;
    }
  }

  name(start: number, end: number, hasEscape: boolean, depth: number): void {
    if (this.#holders[depth] === undefined) return;
    const isKept = end - start <= this.#bounds.nameBytes;
    this.#names[depth] = isKept ? stringAt(this.#bytes, start, end, hasEscape) : undefined;
  }

  begin(at: number, byte: number, depth: number): void {
    this.values += 1;
    this.#start = at;
    if (byte !== openObject && byte !== openList) return;
    const keeps = depth < this.#bounds.depth && this.#hasRoom(depth);
    const holder: Holder | undefined = !keeps ? undefined : byte === openList ? [] : {};
    if (holder !== undefined) this.#keep(holder, depth);
    this.#holders[depth + 1] = holder;
    this.#isInList[depth + 1] = byte === openList || this.#isInList[depth] === true;
  }

  end(at: number, depth: number, hasEscape: boolean): void {
    const last = this.#bytes[at - 1];
    if (last === closeObject || last === closeList) return;
    const isString = last === quote;
    const length = at - this.#start - 2;
    if (!this.#hasRoom(depth)) {
      if (isString) this.leftOutBytes += length;
    } else if (!isString) {
      this.#keep(JSON.parse(this.#bytes.toString('latin1', this.#start, at)), depth);
    } else if (length <= jsonLimits.shortStringBytes) {
      this.#keep(stringAt(this.#bytes, this.#start, at, hasEscape), depth);
    } else this.#keepLong(at, depth, hasEscape, length);
  }

  #keepLong(end: number, depth: number, hasEscape: boolean, length: number): void {
    const keptBytes = Math.min(length, this.#bounds.stringBytes);
    if (this.#keptBytes + keptBytes > this.#bounds.allStringBytes) {
      this.leftOutBytes += length;
      this.#keep('', depth);
      return;
    }
    this.#keptBytes += keptBytes;
    this.leftOutBytes += length - keptBytes;
    const holder = this.#holders[depth];
    const key = Array.isArray(holder) ? holder.length : this.#names[depth];
    this.#keep('', depth);
    const put = (text: string) => {
      if (holder === undefined) this.value = text;
      else if (key !== undefined) set(holder, key, text);
    };
    this.#longStrings.push({ start: this.#start, end, hasEscape, put });
  }

  /** Whether a value at this depth is kept. Lists do not use up the room of what stands beside them. */
  #hasRoom(depth: number): boolean {
    if (depth === 0) return true;
    const holder = this.#holders[depth];
    if (holder === undefined) return false;
    if (Array.isArray(holder) && holder.length >= this.#bounds.items) return false;
    const room = this.#bounds.values * (this.#isInList[depth] === true ? 1 : 2);
    return this.#kept < room;
  }

  #keep(value: unknown, depth: number): void {
    this.#kept += 1;
    const holder = this.#holders[depth];
    if (depth === 0) this.value = value;
    else if (Array.isArray(holder)) holder.push(value);
    else if (holder !== undefined) {
      const name = this.#names[depth];
      if (name !== undefined) set(holder, name, value);
    }
  }
}

/** A member of its own, whatever its name, as from a parser. */
function set(holder: Holder, key: string | number, value: unknown): void {
  if (key !== '__proto__') Reflect.set(holder, key, value);
  else Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
}
