import * as z from 'zod';
import { parseJson } from './provider-message.ts';
import { SseDecoder } from './sse.ts';

/** What ends an event, in the three ways to write a line break (WHATWG HTML, 9.2.6). */
const blankLines = ['\n\n', '\r\n\r\n', '\r\r'];

const lineFeed = 0x0a;

const usageAlone = z.object({ choices: z.tuple([]), usage: z.looseObject({}) });
const noChoices = /"choices"\s*:\s*\[\s*\]/;

/**
 * Hands the bytes of an event stream on in whole events, so that what has to be said in the middle of it never
 * stands in half of one; and leaves the chunk with nothing but usage out, if it is to be hidden.
 */
export class RawEvents {
  readonly #hidesUsage: boolean;
  #pending: Buffer[] = [];

  constructor(hidesUsage: boolean) {
    this.#hidesUsage = hidesUsage;
  }

  /** The events that are whole with these bytes; may be empty. */
  push(bytes: Uint8Array): Uint8Array {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    // The line breaks that end an event may lie in two chunks.
    const joined = this.#pending.length === 0 ? chunk : this.#joinedAtEdge(chunk);
    const end = endsWithEvent(joined) ? joined.length : endOfEvents(joined);
    if (end === 0) {
      this.#pending.push(joined);
      return new Uint8Array();
    }
    const last = joined.subarray(0, end);
    const whole = this.#pending.length === 0 ? last : Buffer.concat([...this.#pending, last]);
    this.#pending = end === joined.length ? [] : [joined.subarray(end)];
    return this.#shown(whole);
  }

  /** The answer is complete: what follows its last blank line. */
  end(): Uint8Array {
    const rest = Buffer.concat(this.#pending);
    this.#pending = [];
    return this.#shown(rest);
  }

  #joinedAtEdge(chunk: Buffer): Buffer {
    const last = this.#pending.pop() ?? Buffer.alloc(0);
    const cut = Math.max(0, last.length - 3);
    if (cut > 0) this.#pending.push(last.subarray(0, cut));
    return Buffer.concat([last.subarray(cut), chunk]);
  }

  #shown(whole: Buffer): Uint8Array {
    if (!this.#hidesUsage || !whole.includes('"usage"')) return whole;
    const shown = eventsOf(whole).filter((event) => !isUsageAlone(event));
    return Buffer.concat(shown);
  }
}

/** As most chunks do, and then nothing has to be searched for. */
function endsWithEvent(bytes: Buffer): boolean {
  return bytes.at(-1) === lineFeed && bytes.at(-2) === lineFeed;
}

function endOfEvents(bytes: Buffer): number {
  const ends = blankLines.map((line) => ({ at: bytes.lastIndexOf(line), length: line.length }));
  return Math.max(0, ...ends.map(({ at, length }) => (at < 0 ? 0 : at + length)));
}

function eventsOf(whole: Buffer): Buffer[] {
  const events: Buffer[] = [];
  for (let start = 0; start < whole.length;) {
    const ends = blankLines
      .map((line) => ({ at: whole.indexOf(line, start), length: line.length }))
      .filter(({ at }) => at >= 0)
      .map(({ at, length }) => at + length);
    const end = Math.min(whole.length, ...ends);
    events.push(whole.subarray(start, end));
    start = end;
  }
  return events;
}

function isUsageAlone(event: Buffer): boolean {
  if (!event.includes('"usage"') || !noChoices.test(event.toString('latin1'))) return false;
  const decoder = new SseDecoder();
  const [sent] = [...decoder.push(event), ...decoder.end()];
  return sent !== undefined && usageAlone.safeParse(parseJson(sent.data)).success;
}
