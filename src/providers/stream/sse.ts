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

/** Without the byte order mark that a stream may begin with. */
export function withoutMark<T extends Uint8Array>(bytes: T): T {
  return byteOrderMark.equals(bytes.subarray(0, 3)) ? (bytes.subarray(3) as T) : bytes;
}

/**
 * The bytes of one event as its fields (WHATWG HTML, 9.2.6). Undefined for an event that the standard does not
 * dispatch: one without data, or whose data is empty.
 */
export function* readEvent(bytes: Buffer): Work<ServerSentEvent | undefined> {
  let event: string | undefined;
  /** The data of the only line that has any, or of all lines together. */
  let only: Buffer | undefined;
  let joined: Buffer | undefined;
  let joinedBytes = 0;
  const addData = (value: Buffer) => {
    if (only === undefined) {
      only = value;
      return;
    }
    if (joined === undefined) {
      // No data is longer than the event.
      joined = Buffer.allocUnsafe(bytes.length);
      joinedBytes = only.copy(joined);
    }
    joined[joinedBytes] = lineFeed;
    joinedBytes += 1 + value.copy(joined, joinedBytes + 1);
  };
  const hasReturns = bytes.includes(carriageReturn);
  let stepEnd = sliceLimits.bytes;
  for (let start = 0; start < bytes.length;) {
    const end = hasReturns ? endOfLine(bytes, start) : indexOrEnd(bytes, lineFeed, start);
    if (startsWith(bytes, start, end, dataName)) addData(valueOf(bytes, start + dataName.length, end));
    else if (startsWith(bytes, start, end, eventName)) {
      const value = valueOf(bytes, start + eventName.length, end);
      event = value.length > longestName ? undefined : value.toString() || undefined;
    }
    start = end + 1;
    if (start < stepEnd) continue;
    stepEnd = start + sliceLimits.bytes;
    yield;
  }
  const data = joined?.subarray(0, joinedBytes) ?? only;
  return data === undefined || data.length === 0 ? undefined : { event, data };
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
