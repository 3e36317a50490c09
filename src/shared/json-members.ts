import type { JsonVisitor } from './json-scanner.ts';
import { jsonLimits, sliceLimits } from './limits.ts';
import type { Work } from './slices.ts';

/** Where one member of a JSON object stands, in bytes. */
export interface JsonMember {
  readonly name: string;
  /** Of the quote that opens the name. */
  readonly start: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** A JSON object as text that was read, but not parsed. */
export interface JsonObject {
  readonly bytes: Buffer;
  /** In order, duplicates included. */
  readonly members: readonly JsonMember[];
}

const openObject = 0x7b;

/** Collects the members of the outermost object while a scanner reads it. */
export class MemberCollector implements JsonVisitor {
  readonly members: JsonMember[] = [];
  readonly #bytes: Buffer;
  #isObject = false;
  #hasLongName = false;
  #name = '';
  #start = 0;
  #valueStart = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isObject(): boolean {
    return this.#isObject;
  }

  /** The name of a member is longer than any that means something. */
  get hasLongName(): boolean {
    return this.#hasLongName;
  }

  /** There are more than any request has. The later ones were not collected. */
  get hasTooMany(): boolean {
    return this.members.length > jsonLimits.members;
  }

  name(start: number, end: number, hasEscape: boolean, depth: number): void {
    if (depth !== 1) return;
    this.#start = start;
    if (end - start > jsonLimits.nameBytes) this.#hasLongName = true;
    else this.#name = stringAt(this.#bytes, start, end, hasEscape);
  }

  begin(at: number, byte: number, depth: number): void {
    if (depth === 0) this.#isObject = byte === openObject;
    else if (depth === 1) this.#valueStart = at;
  }

  end(at: number, depth: number): void {
    if (depth !== 1 || !this.#isObject || this.hasTooMany) return;
    this.members.push({
      name: this.#name,
      start: this.#start,
      valueStart: this.#valueStart,
      valueEnd: at,
    });
  }
}

/** The string of a JSON text between these quotes. */
export function stringAt(bytes: Buffer, start: number, end: number, hasEscape: boolean): string {
  return hasEscape
    ? (JSON.parse(bytes.toString('utf8', start, end)) as string)
    : bytes.toString('utf8', start + 1, end - 1);
}

/**
 * The same for a string of any length, in pieces. `maxBytes`: of a longer string only its beginning, without an escape
 * that is cut in two.
 */
export function* longStringAt(
  bytes: Buffer,
  start: number,
  end: number,
  hasEscape: boolean,
  maxBytes = Infinity,
): Work<string> {
  // Decoding alone is fast, and pieces would have to be joined.
  if (!hasEscape && end - start <= Math.min(maxBytes, sliceLimits.decodedBytes))
    return stringAt(bytes, start, end, false);
  const last = Math.min(end - 1, start + 1 + maxBytes);
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let text = '';
  for (let at = start + 1; at < last;) {
    const wanted = Math.min(last, at + sliceLimits.bytes);
    const cut = hasEscape ? afterEscapes(bytes, at, wanted) : wanted;
    const piece = decoder.decode(bytes.subarray(at, cut), { stream: true });
    text += hasEscape ? (JSON.parse(`"${piece}"`) as string) : piece;
    at = cut;
    if (at < last) yield;
  }
  return text;
}

const backslash = 0x5c;
const letterU = 0x75;

/** The first place from `wanted` on that is not inside an escape. There is none open at `at`. */
function afterEscapes(bytes: Buffer, at: number, wanted: number): number {
  // An escape has at most six bytes, so only the last ones count, and of backslashes in a row only their number.
  let from = Math.max(at, wanted - 6);
  while (from > at && bytes[from - 1] === backslash) from -= 1;
  while (from < wanted) from += bytes[from] !== backslash ? 1 : bytes[from + 1] === letterU ? 6 : 2;
  return from;
}

/** The text of a member's value. Undefined if there is no such member. */
export function valueText({ bytes, members }: JsonObject, name: string): string | undefined {
  const member = members.find((each) => each.name === name);
  return member && bytes.toString('utf8', member.valueStart, member.valueEnd);
}

/**
 * The object with other values, given as JSON text, for some members: set where they stand, added at the end if they
 * are new, taken out if undefined. All else keeps its bytes: numbers that JavaScript cannot hold, order, spaces.
 */
export function withMembers(
  { bytes, members }: JsonObject,
  changes: Readonly<Record<string, string | undefined>>,
): JsonObject {
  const builder = new ObjectBuilder();
  // By their own names alone: a member may be called 'constructor'.
  const isChanged = ({ name }: JsonMember) => Object.hasOwn(changes, name);
  const isRemoved = (member: JsonMember) => isChanged(member) && changes[member.name] === undefined;
  const keepsGaps = members.length > 0 && !members.some(isRemoved);
  let end = 0;
  for (const member of members) {
    if (isRemoved(member)) continue;
    const value = isChanged(member) ? changes[member.name] : undefined;
    const { name, start, valueStart, valueEnd } = member;
    if (keepsGaps) builder.put(bytes.subarray(end, start));
    else builder.separate();
    builder.member(
      name,
      bytes.subarray(start, valueStart),
      value === undefined ? bytes.subarray(valueStart, valueEnd) : Buffer.from(value),
    );
    end = valueEnd;
  }
  const known = new Set(members.map(({ name }) => name));
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || known.has(name)) continue;
    builder.separate();
    builder.member(name, Buffer.from(`${JSON.stringify(name)}:`), Buffer.from(value));
  }
  return builder.end(keepsGaps ? bytes.subarray(end) : Buffer.from('}'));
}

/** Puts an object together from pieces, and notes where its members stand. */
class ObjectBuilder {
  readonly #pieces: Uint8Array[] = [];
  readonly #members: JsonMember[] = [];
  #at = 0;

  put(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#at += piece.length;
  }

  /** What stands before a member where no gap of the original is kept. */
  separate(): void {
    this.put(Buffer.from(this.#members.length === 0 ? '{' : ','));
  }

  member(name: string, nameAndColon: Uint8Array, value: Uint8Array): void {
    const start = this.#at;
    this.put(nameAndColon);
    const valueStart = this.#at;
    this.put(value);
    this.#members.push({ name, start, valueStart, valueEnd: this.#at });
  }

  end(rest: Uint8Array): JsonObject {
    if (this.#members.length === 0) this.put(Buffer.from('{'));
    this.put(rest);
    return { bytes: Buffer.concat(this.#pieces), members: this.#members };
  }
}
