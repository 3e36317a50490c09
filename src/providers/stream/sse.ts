import { sliceLimits } from '../../shared/limits.ts';
import type { Work } from '../../shared/slices.ts';

/** One server-sent event: its `data` lines joined by line feeds. */
export interface ServerSentEvent {
  /** The `event` field; undefined for the default, `message`. */
  readonly event: string | undefined;
  readonly data: Buffer;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const colon = 0x3a;

/** A longer name of an event means nothing here. */
const longestName = 64;

const byteOrderMark = Buffer.of(0xef, 0xbb, 0xbf);
const dataName = Buffer.from('data');
const eventName = Buffer.from('event');
const errorName = Buffer.from('error');
/** Some servers write an error as a line without the name of a field. */
const bareError = Buffer.from('{"error"');
const brace = 0x7b;

/** Without the byte order mark that a stream may begin with. */
export function withoutMark<T extends Uint8Array>(bytes: T): T {
  return byteOrderMark.equals(bytes.subarray(0, 3)) ? (bytes.subarray(3) as T) : bytes;
}

/** Whether the bytes are a part of a byte order mark, the rest of which may follow. */
export function beginsMark(bytes: Uint8Array): boolean {
  return bytes.length < byteOrderMark.length && byteOrderMark.subarray(0, bytes.length).equals(bytes);
}

/**
 * The bytes of one event as its fields (WHATWG HTML, 9.2.6), also those behind a byte order mark. Undefined for an
 * event that the standard does not dispatch: one without data, or whose data is empty.
 */
export function readEvent(bytes: Buffer): ServerSentEvent | undefined {
  const fields = new EventFields(bytes);
  fields.advance(bytes.length);
  return fields.sent;
}

/** The same in steps, for an event of any length. */
export function* readEventInSteps(bytes: Buffer): Work<ServerSentEvent | undefined> {
  const fields = new EventFields(bytes);
  while (fields.advance(sliceLimits.bytes)) yield;
  return fields.sent;
}

class EventFields {
  readonly #bytes: Buffer;
  readonly #hasReturns: boolean;
  #at = 0;
  #event: string | undefined;
  /** The data of the only line that has any, or of all lines together. */
  #only: Buffer | undefined;
  #joined: Buffer | undefined;
  #joinedBytes = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#hasReturns = bytes.includes(carriageReturn);
  }

  get sent(): ServerSentEvent | undefined {
    const data = this.#joined?.subarray(0, this.#joinedBytes) ?? this.#only;
    return data === undefined || data.length === 0 ? undefined : { event: this.#event, data };
  }

  /** Reads the lines that begin in the next `length` bytes. False at the end. */
  advance(length: number): boolean {
    const bytes = this.#bytes;
    const stop = Math.min(bytes.length, this.#at + length);
    while (this.#at < stop) {
      const lineStart = this.#at;
      const end = this.#hasReturns ? endOfLine(bytes, lineStart) : indexOrEnd(bytes, lineFeed, lineStart);
      // Clients that decode each chunk for itself drop a byte order mark before any line.
      const start = bytes[lineStart] === byteOrderMark[0] ? afterMark(bytes, lineStart) : lineStart;
      if (startsWith(bytes, start, end, dataName))
        this.#addData(valueOf(bytes, start + dataName.length, end));
      else if (startsWith(bytes, start, end, eventName)) {
        const value = valueOf(bytes, start + eventName.length, end);
        this.#event = value.length > longestName ? undefined : value.toString() || undefined;
      } else if (startsWith(bytes, start, end, errorName))
        this.#addError(valueOf(bytes, start + errorName.length, end));
      else if (bytes[start] === brace && bytes.subarray(start, start + bareError.length).equals(bareError))
        this.#addError(bytes.subarray(start, end));
      this.#at = end + 1;
    }
    return this.#at < bytes.length;
  }

  /** Older versions of llama.cpp write `error` in place of `data`. The standard does not have such a field. */
  #addError(value: Buffer): void {
    if (value[0] !== brace) return;
    this.#event = 'error';
    this.#addData(value);
  }

  #addData(value: Buffer): void {
    if (this.#only === undefined) {
      this.#only = value;
      return;
    }
    if (this.#joined === undefined) {
      // No data is longer than the event.
      this.#joined = Buffer.allocUnsafe(this.#bytes.length);
      this.#joinedBytes = this.#only.copy(this.#joined);
    }
    this.#joined[this.#joinedBytes] = lineFeed;
    this.#joinedBytes += 1 + value.copy(this.#joined, this.#joinedBytes + 1);
  }
}

function afterMark(bytes: Buffer, start: number): number {
  const end = start + byteOrderMark.length;
  return byteOrderMark.equals(bytes.subarray(start, end)) ? end : start;
}

function indexOrEnd(bytes: Buffer, byte: number, start: number): number {
  const at = bytes.indexOf(byte, start);
  return at < 0 ? bytes.length : at;
}

/** Of a CRLF the line feed ends a line without anything, which says nothing. */
function endOfLine(bytes: Buffer, start: number): number {
  let at = start;
  while (at < bytes.length && bytes[at] !== lineFeed && bytes[at] !== carriageReturn) at += 1;
  return at;
}

/** Whether the line has the field `name`. Without a colon its value is empty. */
function startsWith(bytes: Buffer, start: number, end: number, name: Buffer): boolean {
  const after = start + name.length;
  if (after > end || (after < end && bytes[after] !== colon)) return false;
  for (let at = 0; at < name.length; at++) if (bytes[start + at] !== name[at]) return false;
  return true;
}

function valueOf(bytes: Buffer, colonAt: number, end: number): Buffer {
  const start = colonAt + (bytes[colonAt + 1] === space && colonAt + 1 < end ? 2 : 1);
  return bytes.subarray(Math.min(start, end), end);
}
