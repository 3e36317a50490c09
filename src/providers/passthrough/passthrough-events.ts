import { SseDecoder } from '../stream/sse.ts';

/**
 * The ends of an event, with the three ways to write a line break (WHATWG HTML, 9.2.6). A line and the blank line
 * after it may differ: two CRLF also end with a line feed and CRLF.
 */
const blankLines = ['\n\n', '\n\r\n', '\r\r'];

const longestBlankLine = 3;

const nothing = Buffer.alloc(0);

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Passes on the bytes of an event stream in whole events, so that the gateway can insert an event at any time without
 * splitting another.
 */
export class PassThroughEvents {
  #pending: Buffer[] = [];
  #pendingBytes = 0;

  /** How many bytes of an unfinished event are waiting. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** The events that these bytes complete: none, one or many. */
  push(bytes: Uint8Array): Buffer {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const end = Math.max(endOfLast(chunk), this.#pendingBytes === 0 ? 0 : this.#endOfPending(chunk));
    if (end === 0) {
      this.#wait(chunk);
      return nothing;
    }
    const pending = this.end();
    const whole = chunk.subarray(0, end);
    if (end < chunk.length) this.#wait(chunk.subarray(end));
    // Copying one piece costs less than passing on two.
    return pending.length === 0 ? whole : Buffer.concat([pending, whole]);
  }

  /** The answer is over. Returns the bytes after its last blank line. */
  end(): Buffer {
    const rest = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#pendingBytes = 0;
    return rest;
  }

  #wait(rest: Buffer): void {
    this.#pending.push(rest);
    this.#pendingBytes += rest.length;
  }

  /** The position in the next chunk where the waiting event ends. Its line breaks may span both chunks. */
  #endOfPending(chunk: Buffer): number {
    const before = Buffer.concat(this.#pending.slice(-longestBlankLine)).subarray(1 - longestBlankLine);
    const edge = Buffer.concat([before, chunk.subarray(0, longestBlankLine - 1)]);
    const atEdge = endOfFirst(edge);
    return atEdge > 0 ? atEdge - before.length : endOfFirst(chunk);
  }
}

/** Whole events without the hidden ones. */
export function withoutEvents(events: Buffer, isHidden: (event: Buffer) => boolean): Buffer {
  const all = eventsOf(events);
  const shown = all.filter((event) => !isHidden(event));
  return shown.length === all.length ? events : Buffer.concat(shown);
}

/** The events before the event with data that has the number `count`, from 0. */
export function eventsBefore(events: Buffer, count: number): Buffer {
  let end = 0;
  let seen = 0;
  for (const event of eventsOf(events)) {
    if (dataOf(event) !== undefined) {
      if (seen === count) break;
      seen += 1;
    }
    end += event.length;
  }
  return events.subarray(0, end);
}

/** The position after the last blank line; 0 if there is none. */
function endOfLast(bytes: Buffer): number {
  // Most chunks end this way, which saves a search.
  if (bytes.at(-1) === lineFeed && bytes.at(-2) === lineFeed) return bytes.length;
  return Math.max(0, ...endsOf(bytes, (line) => bytes.lastIndexOf(line)));
}

/** The position after the first blank line at or after `start`; 0 if there is none. */
function endOfFirst(bytes: Buffer, start = 0): number {
  const ends = endsOf(bytes, (line) => bytes.indexOf(line, start));
  return ends.length === 0 ? 0 : Math.min(...ends);
}

function endsOf(bytes: Buffer, find: (line: string) => number): number[] {
  // Few servers write carriage returns, so one check saves two searches.
  const lines = bytes.includes(carriageReturn) ? blankLines : (['\n\n'] as const);
  return lines
    .map((line) => ({ at: find(line), line }))
    .flatMap(({ at, line }) => (at < 0 ? [] : [at + line.length]));
}

function eventsOf(whole: Buffer): Buffer[] {
  const events: Buffer[] = [];
  for (let start = 0; start < whole.length;) {
    const end = endOfFirst(whole, start) || whole.length;
    events.push(whole.subarray(start, end));
    start = end;
  }
  return events;
}

/** The data of one event; undefined for a comment and for an event without data. */
export function dataOf(event: Buffer): string | undefined {
  const decoder = new SseDecoder();
  const [sent] = [...decoder.push(event), ...decoder.end()];
  return sent?.data;
}
