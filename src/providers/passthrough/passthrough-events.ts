import { SseDecoder } from '../stream/sse.ts';

/**
 * What ends an event, in the three ways to write a line break (WHATWG HTML, 9.2.6), which need not be the same for a
 * line and the blank one after it: a line feed and CRLF is also what two CRLF end with.
 */
const blankLines = ['\n\n', '\n\r\n', '\r\r'];

const longestBlankLine = 3;

const nothing = Buffer.alloc(0);

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Hands the bytes of an event stream on in whole events, so that what has to be said in the middle of it never
 * stands in half of one.
 */
export class PassThroughEvents {
  #pending: Buffer[] = [];
  #pendingBytes = 0;

  /** How much there is of an event that has no end yet. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** The events that are whole with these bytes: one or many, or nothing yet. */
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
    // One copied piece is dearer than two, but cheaper than to hand on two.
    return pending.length === 0 ? whole : Buffer.concat([pending, whole]);
  }

  /** The answer is over: what follows its last blank line. */
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

  /** Where the event that waits for its end has it in the next chunk; the line breaks may lie in both. */
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

/** Of whole events those that come before the one that is number `count`, from 0, of those with data. */
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

/** The place after the last blank line; 0 if there is none. */
function endOfLast(bytes: Buffer): number {
  // As most chunks do, and then nothing has to be searched for.
  if (bytes.at(-1) === lineFeed && bytes.at(-2) === lineFeed) return bytes.length;
  return Math.max(0, ...endsOf(bytes, (line) => bytes.lastIndexOf(line)));
}

/** The place after the first blank line at or after `start`; 0 if there is none. */
function endOfFirst(bytes: Buffer, start = 0): number {
  const ends = endsOf(bytes, (line) => bytes.indexOf(line, start));
  return ends.length === 0 ? 0 : Math.min(...ends);
}

function endsOf(bytes: Buffer, find: (line: string) => number): number[] {
  // Hardly anybody writes carriage returns, so that it is not worth to look for each kind of them.
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
