import { isUtf8 } from 'node:buffer';
import { jsonLimits } from './limits.ts';

/** Receives what a scanner finds, in order. Places are in bytes; `depth` counts the open brackets around a value. */
export interface JsonVisitor {
  /** The name of a member, with its quotes. */
  name(start: number, end: number, hasEscape: boolean, depth: number): void;
  /** A value begins with the character `byte`. */
  begin(at: number, byte: number, depth: number): void;
  /** The value that began last at this depth ends before `at`. */
  end(at: number, depth: number, hasEscape: boolean): void;
}

/** `invalid`: it is not JSON (RFC 8259). `tooDeep`: more brackets are open at once than allowed. */
export type JsonScanEnd = 'done' | 'invalid' | 'tooDeep';

type State =
  'value' | 'valueOrEnd' | 'name' | 'nameOrEnd' | 'colon' | 'afterValue' | 'string' | 'nameString' | 'over';

const quote = 0x22;
const comma = 0x2c;
const minus = 0x2d;
const colon = 0x3a;
const openList = 0x5b;
const backslash = 0x5c;
const closeList = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

const literals = new Map(['true', 'false', 'null'].map((word) => [word.charCodeAt(0), Buffer.from(word)]));

/**
 * Reads JSON in slices and builds nothing. So a body of any size can be judged without blocking the thread, and
 * without the memory of a parse tree. Strict: what it calls JSON, JSON.parse takes, too.
 */
export class JsonScanner {
  readonly #bytes: Uint8Array;
  readonly #visitor: JsonVisitor;
  /** The brackets that are open. */
  readonly #open = new Uint8Array(jsonLimits.depth);
  #depth = 0;
  #at = 0;
  #state: State = 'value';
  #stringStart = 0;
  #hasEscape = false;
  #isUtf8: boolean | undefined;

  constructor(bytes: Uint8Array, visitor: JsonVisitor) {
    this.#bytes = bytes;
    this.#visitor = visitor;
  }

  /** Reads about `bytes` bytes more. Undefined while there are more to read. */
  advance(bytes: number): JsonScanEnd | undefined {
    this.#isUtf8 ??= isUtf8(this.#bytes);
    if (!this.#isUtf8) return 'invalid';
    const limit = Math.min(this.#bytes.length, this.#at + bytes);
    while (this.#at < limit) {
      const problem =
        this.#state === 'string' || this.#state === 'nameString' ? this.#string(limit) : this.#token();
      if (problem !== undefined) return problem;
    }
    if (limit < this.#bytes.length) return undefined;
    return this.#state === 'over' ? 'done' : 'invalid';
  }

  #token(): JsonScanEnd | undefined {
    const byte = this.#bytes[this.#at] as number;
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
      this.#at += 1;
      return undefined;
    }
    switch (this.#state) {
      case 'valueOrEnd':
        return byte === closeList ? this.#close(byte) : this.#value(byte);
      case 'value':
        return this.#value(byte);
      case 'nameOrEnd':
        return byte === closeObject ? this.#close(byte) : this.#name(byte);
      case 'name':
        return this.#name(byte);
      case 'colon':
        this.#at += 1;
        this.#state = 'value';
        return byte === colon ? undefined : 'invalid';
      case 'afterValue':
        if (byte !== comma) return this.#close(byte);
        this.#at += 1;
        this.#state = this.#open[this.#depth - 1] === openObject ? 'name' : 'value';
        return undefined;
      default:
        return 'invalid';
    }
  }

  #name(byte: number): JsonScanEnd | undefined {
    if (byte !== quote) return 'invalid';
    this.#beginString('nameString');
    return undefined;
  }

  #value(byte: number): JsonScanEnd | undefined {
    this.#visitor.begin(this.#at, byte, this.#depth);
    if (byte === quote) {
      this.#beginString('string');
      return undefined;
    }
    if (byte === openObject || byte === openList) {
      if (this.#depth === this.#open.length) return 'tooDeep';
      this.#open[this.#depth] = byte;
      this.#depth += 1;
      this.#at += 1;
      this.#state = byte === openObject ? 'nameOrEnd' : 'valueOrEnd';
      return undefined;
    }
    const end = this.#endOfScalar(byte);
    if (end === undefined) return 'invalid';
    this.#at = end;
    this.#valueEnds(false);
    return undefined;
  }

  #close(byte: number): JsonScanEnd | undefined {
    const open = this.#open[this.#depth - 1];
    if (byte !== (open === openObject ? closeObject : closeList)) return 'invalid';
    this.#depth -= 1;
    this.#at += 1;
    this.#valueEnds(false);
    return undefined;
  }

  #valueEnds(hasEscape: boolean): void {
    this.#visitor.end(this.#at, this.#depth, hasEscape);
    this.#state = this.#depth === 0 ? 'over' : 'afterValue';
  }

  #beginString(state: 'string' | 'nameString'): void {
    this.#state = state;
    this.#stringStart = this.#at;
    this.#hasEscape = false;
    this.#at += 1;
  }

  /** The string as far as `limit`; an escape at the limit is read to its end. */
  #string(limit: number): JsonScanEnd | undefined {
    const bytes = this.#bytes;
    let at = this.#at;
    while (at < limit) {
      const byte = bytes[at] as number;
      if (byte === quote) {
        this.#at = at + 1;
        this.#stringEnds();
        return undefined;
      }
      if (byte < 0x20) return 'invalid';
      if (byte === backslash) {
        const length = escapeLength(bytes, at);
        if (length === 0) return 'invalid';
        this.#hasEscape = true;
        at += length;
      } else at += 1;
    }
    this.#at = at;
    return undefined;
  }

  #stringEnds(): void {
    if (this.#state === 'string') {
      this.#valueEnds(this.#hasEscape);
      return;
    }
    this.#visitor.name(this.#stringStart, this.#at, this.#hasEscape, this.#depth);
    this.#state = 'colon';
  }

  #endOfScalar(byte: number): number | undefined {
    const literal = literals.get(byte);
    if (literal === undefined) return endOfNumber(this.#bytes, this.#at);
    const end = this.#at + literal.length;
    return literal.equals(this.#bytes.subarray(this.#at, end)) ? end : undefined;
  }
}

/** 0 if there is no escape at `at`. */
function escapeLength(bytes: Uint8Array, at: number): number {
  switch (bytes[at + 1]) {
    case 0x22: // "
    case 0x2f: // /
    case 0x5c: // \
    case 0x62: // b
    case 0x66: // f
    case 0x6e: // n
    case 0x72: // r
    case 0x74: // t
      return 2;
    case 0x75: // u
      return isHex(bytes[at + 2]) && isHex(bytes[at + 3]) && isHex(bytes[at + 4]) && isHex(bytes[at + 5])
        ? 6
        : 0;
    default:
      return 0;
  }
}

function isHex(byte = 0): boolean {
  return isDigit(byte) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}

function isDigit(byte = 0): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** Undefined for what is not a number, and for one that is longer than any that means something. */
function endOfNumber(bytes: Uint8Array, start: number): number | undefined {
  let at = bytes[start] === minus ? start + 1 : start;
  if (bytes[at] === 0x30) at += 1;
  else at = endOfDigits(bytes, at);
  if (bytes[at] === 0x2e) at = endOfDigits(bytes, at + 1);
  if (bytes[at] === 0x65 || bytes[at] === 0x45) {
    const hasSign = bytes[at + 1] === 0x2b || bytes[at + 1] === minus;
    at = endOfDigits(bytes, at + (hasSign ? 2 : 1));
  }
  return Number.isNaN(at) ? undefined : at;
}

/** NaN if there is none, or too many. */
function endOfDigits(bytes: Uint8Array, start: number): number {
  let at = start;
  while (at < start + jsonLimits.digits && isDigit(bytes[at])) at += 1;
  return at === start || at === start + jsonLimits.digits ? Number.NaN : at;
}
