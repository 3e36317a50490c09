import { longStringAt, stringAt } from './json-members.ts';
import { JsonScanner, type JsonVisitor } from './json-scanner.ts';
import { sliceLimits } from './limits.ts';
import type { Work } from './slices.ts';

/** Knows the place of what a scanner finds, in words or otherwise. */
export interface JsonPlaces<P> extends JsonVisitor {
  readonly place: P;
}

interface FoundString<P> {
  readonly place: P;
  readonly start: number;
  readonly end: number;
  readonly hasEscape: boolean;
}

const quote = 0x22;

/**
 * The JSON text with every string of at least `minBytes` in it mapped, the names of members included. What stays the
 * same keeps its bytes. The text must be JSON.
 */
export function* mapStrings<P>(
  bytes: Buffer,
  minBytes: number,
  places: JsonPlaces<P>,
  map: (text: string, place: P) => Work<string>,
): Work<Buffer> {
  const strings = new StringCollector(bytes, places);
  const scanner = new JsonScanner(bytes, strings);
  const pieces: Uint8Array[] = [];
  let done = 0;
  for (let end: unknown; end === undefined;) {
    end = scanner.advance(sliceLimits.bytesOfStrings);
    if (end !== undefined && end !== 'done') throw new TypeError('the text is not JSON');
    for (const found of strings.take()) {
      if (found.end - found.start - 2 < minBytes) continue;
      const { start, end: after, hasEscape } = found;
      const isLong = after - start > sliceLimits.bytes;
      const text = isLong
        ? yield* longStringAt(bytes, start, after, hasEscape)
        : stringAt(bytes, start, after, hasEscape);
      const mapped = yield* map(text, found.place);
      if (mapped === text) continue;
      pieces.push(bytes.subarray(done, found.start));
      yield* putString(mapped, pieces);
      done = found.end;
    }
    if (end === undefined) yield;
  }
  return pieces.length === 0 ? bytes : Buffer.concat([...pieces, bytes.subarray(done)]);
}

/** The text as a JSON string, in pieces. A pair of surrogates that is cut in two stays a pair, as two escapes. */
function* putString(text: string, pieces: Uint8Array[]): Work<void> {
  const mark = Buffer.from('"');
  pieces.push(mark);
  for (let at = 0; at < text.length; at += sliceLimits.bytes) {
    if (at > 0) yield;
    pieces.push(Buffer.from(JSON.stringify(text.slice(at, at + sliceLimits.bytes)).slice(1, -1)));
  }
  pieces.push(mark);
}

class StringCollector<P> implements JsonVisitor {
  readonly #bytes: Buffer;
  readonly #places: JsonPlaces<P>;
  #found: FoundString<P>[] = [];
  #start = 0;

  constructor(bytes: Buffer, places: JsonPlaces<P>) {
    this.#bytes = bytes;
    this.#places = places;
  }

  /** The strings that were found since the last time. */
  take(): readonly FoundString<P>[] {
    const found = this.#found;
    this.#found = [];
    return found;
  }

  name(start: number, end: number, hasEscape: boolean, depth: number): void {
    this.#places.name(start, end, hasEscape, depth);
    this.#found.push({ start, end, hasEscape, place: this.#places.place });
  }

  begin(at: number, byte: number, depth: number): void {
    this.#places.begin(at, byte, depth);
    this.#start = at;
  }

  end(at: number, depth: number, hasEscape: boolean): void {
    if (this.#bytes[this.#start] === quote && this.#bytes[at - 1] === quote)
      this.#found.push({ start: this.#start, end: at, hasEscape, place: this.#places.place });
    this.#places.end(at, depth, hasEscape);
  }
}
