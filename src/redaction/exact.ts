import { toDisposable, type Disposable } from '../shared/disposable.ts';

/** A range of a text, in UTF-16 code units. */
export interface Span {
  readonly index: number;
  readonly length: number;
}

/** A shorter value would blank ordinary words and protect nothing. */
const shortestValue = 4;

/**
 * The secrets that are loaded now, in every form in which they may appear. It is the only protection of keys without a
 * recognizable shape (Mistral, Cohere, Azure's 32 hex digits).
 */
export class ExactValues {
  readonly #owners = new Map<string, number>();
  #pattern: RegExp | undefined;

  /** Searches for `value` until disposed. Ignores values under 4 characters. */
  add(value: string): Disposable {
    if (value.length < shortestValue) return toDisposable(() => undefined);
    this.#count(value, 1);
    return toDisposable(() => {
      this.#count(value, -1);
    });
  }

  /** Finds all forms of all values, in order. Overlapping finds are joined. */
  find(text: string): Span[] {
    const spans: { index: number; length: number }[] = [];
    const pattern = this.#compiled();
    if (pattern === undefined) return spans;
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
      // Another secret may begin inside this find, and its end must be found too.
      pattern.lastIndex = match.index + 1;
      const last = spans.at(-1);
      const end = match.index + match[0].length;
      if (last !== undefined && match.index <= last.index + last.length) {
        last.length = Math.max(last.length, end - last.index);
      } else {
        spans.push({ index: match.index, length: match[0].length });
      }
    }
    return spans;
  }

  #count(value: string, change: 1 | -1): void {
    const owners = (this.#owners.get(value) ?? 0) + change;
    if (owners > 0) this.#owners.set(value, owners);
    else this.#owners.delete(value);
    this.#pattern = undefined;
  }

  #compiled(): RegExp | undefined {
    if (this.#owners.size === 0) return undefined;
    // Longest first: if two secrets begin alike, the shorter match would leave the end of the longer one.
    this.#pattern ??= new RegExp(
      [...new Set([...this.#owners.keys()].flatMap(formsOf))]
        .sort((left, right) => right.length - left.length)
        .map((form) => form.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`))
        .join('|'),
      'g',
    );
    return this.#pattern;
  }
}

/** No values, for a search by shape alone. */
export const noValues: Pick<ExactValues, 'find'> = new ExactValues();

/** A value as it is, escaped for JSON, encoded for URLs, and inside base64 at any offset. */
function formsOf(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  // A lone surrogate cannot be URL-encoded, so it is replaced as in UTF-8.
  const url = encodeURIComponent(value.toWellFormed());
  const form = new URLSearchParams([['', value]]).toString().slice(1);
  return [
    value,
    json,
    // PHP and others also escape the slash.
    json.replaceAll('/', String.raw`\/`),
    ...[url, form, encodeURI(value.toWellFormed())].flatMap((encoded) => [encoded, lowerHex(encoded)]),
    ...[0, 1, 2].flatMap((offset) => base64At(value, offset)),
  ];
}

function lowerHex(encoded: string): string {
  return encoded.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
}

/**
 * The base64 digits that depend only on `value` if it begins `offset` bytes (mod 3) into a longer text, in both
 * alphabets (RFC 4648 sections 4 and 5).
 */
function base64At(value: string, offset: number): string[] {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(value, 'utf8')]);
  const firstOwnDigit = Math.ceil((offset * 8) / 6);
  const digitsOwned = Math.floor((bytes.length * 8) / 6);
  const digits = bytes.toString('base64').slice(firstOwnDigit, digitsOwned);
  return [digits, digits.replaceAll('+', '-').replaceAll('/', '_')];
}
