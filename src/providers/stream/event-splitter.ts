import { ByteCollector } from '../../shared/byte-collector.ts';

/** Whole events that lie behind one another. */
export interface EventRun {
  readonly bytes: Buffer;
  /** The position after each event, its blank lines included. */
  readonly ends: readonly number[];
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Cuts the bytes of an event stream, however they arrive, after each blank line (WHATWG HTML, 9.2.6): LF, CR and CRLF,
 * also mixed. Blank lines in a row belong to the event before them. Looks once at each byte.
 */
export class EventSplitter {
  readonly #pending = new ByteCollector();
  /** Whether the current line has no characters yet. */
  #isLineEmpty = true;
  /** The last byte was a CR, so that a LF would belong to it. */
  #isAfterReturn = false;
  /** The last line break was a CR alone. In such a stream none needs a LF. */
  #hasLoneReturns = false;
  /** A blank line ended with the CR at the end of a chunk. Its LF may follow. */
  #endsBeforeNext = false;

  /** How many bytes of an unfinished event are waiting. */
  get pendingBytes(): number {
    return this.#pending.length;
  }

  /** The events that these bytes complete: none, one run, or that of a waiting event and that of later ones. */
  push(bytes: Uint8Array): EventRun[] {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (chunk.length === 0) return [];
    const ends = this.#endsIn(chunk);
    const last = ends.at(-1);
    if (last === undefined) {
      this.#pending.add(chunk);
      return [];
    }
    const runs: EventRun[] = [];
    let start = 0;
    if (this.#pending.length > 0) {
      start = ends.shift() ?? 0;
      if (start > 0) this.#pending.add(chunk.subarray(0, start));
      const whole = this.#pending.take();
      runs.push({ bytes: whole, ends: [whole.length] });
    }
    if (last > start) runs.push({ bytes: chunk.subarray(start, last), ends: ends.map((end) => end - start) });
    if (last < chunk.length) this.#pending.add(chunk.subarray(last));
    return runs;
  }

  /** The stream has ended. Returns the bytes after its last blank line. */
  end(): Buffer {
    return this.#pending.take();
  }

  #endsIn(chunk: Buffer): number[] {
    const ends: number[] = [];
    if (this.#endsBeforeNext) {
      ends.push(chunk[0] === lineFeed ? 1 : 0);
      this.#endsBeforeNext = false;
    }
    let isLineEmpty = this.#isLineEmpty;
    let isAfterReturn = this.#isAfterReturn;
    let hasLoneReturns = this.#hasLoneReturns;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      if (byte === lineFeed) {
        if (!isAfterReturn) {
          if (isLineEmpty) addEnd(ends, at);
        } else if (ends.at(-1) === at) addEnd(ends, at);
        isLineEmpty = true;
        isAfterReturn = false;
        hasLoneReturns = false;
      } else if (byte === carriageReturn) {
        hasLoneReturns ||= isAfterReturn;
        if (isLineEmpty) {
          if (hasLoneReturns || at + 1 < chunk.length) addEnd(ends, at);
          else this.#endsBeforeNext = true;
        }
        isLineEmpty = true;
        isAfterReturn = true;
      } else {
        hasLoneReturns ||= isAfterReturn;
        isLineEmpty = false;
        isAfterReturn = false;
      }
    }
    this.#hasLoneReturns = hasLoneReturns;
    this.#isLineEmpty = isLineEmpty;
    this.#isAfterReturn = isAfterReturn;
    return ends;
  }
}

/** The line break at `at` ends an event, or comes after other blank lines at its end. */
function addEnd(ends: number[], at: number): void {
  if (ends.at(-1) === at) ends[ends.length - 1] = at + 1;
  else ends.push(at + 1);
}
