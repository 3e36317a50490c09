import { redactionLimits } from '../shared/limits/redaction-limits.ts';
import { escapeAt } from './encodings/escapes.ts';

/** The characters that keys are made of. `alnum`, `base64url` and `hex` are also words of a setting. */
export type CharSet =
  | 'alnum'
  | 'base64url'
  | 'hex'
  | 'base64'
  | 'base64std'
  | 'upper'
  | 'dotted'
  | 'path'
  | 'token'
  | 'url'
  | 'query'
  | 'gap';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';

const members: Readonly<Record<CharSet, string>> = {
  alnum: letters + digits,
  base64url: `${letters}${digits}-_`,
  hex: `${digits}abcdefABCDEF`,
  // Both alphabets of RFC 4648, with padding.
  base64: `${letters}${digits}+/-_=`,
  base64std: `${letters}${digits}+/=`,
  upper: letters.slice(0, 26) + digits,
  dotted: `${letters}${digits}-_.`,
  path: `${letters}${digits}-_/`,
  // RFC 9110, 11.2 `token68`.
  token: `${letters}${digits}-._~+/=`,
  // Whatever people write into addresses, allowed or not.
  url: `${letters}${digits}!#$%&()*+,-./:;=?@[\\]^_{|}~\x7f`,
  query: `${letters}${digits}!$%()*+,-./:;=?@[\\]^_{|}~\x7f`,
  // Between the lines of a block: quotes, comments, diffs.
  gap: ' \t\r\n"\'`,;:>|#*().-_[]{}',
};

const names = Object.keys(members) as readonly CharSet[];
const places = Object.fromEntries(names.map((name, n) => [name, n])) as Readonly<Record<CharSet, number>>;
const bits = Object.fromEntries(names.map((name, n) => [name, 1 << n])) as Readonly<Record<CharSet, number>>;
/** Stands for all characters beyond ASCII. */
const beyond = 0x7f;
const setsOfCode = new Uint16Array(beyond + 1);
for (const name of names) {
  for (const char of members[name]) {
    const code = char.charCodeAt(0);
    setsOfCode[code] = (setsOfCode[code] ?? 0) | bits[name];
  }
}

const alnum = bits.alnum;

/** Whether the character at `index` is one of `set`; false outside the text. */
export function isIn(set: CharSet, text: string, index: number): boolean {
  return has(bits[set], text.charCodeAt(index));
}

/** Whether this code is of a character of `set`. */
export function isOneOf(set: CharSet, code: number): boolean {
  return has(bits[set], code);
}

/** Whether a letter or a digit stands at `index`, which is asked most often. */
export function isAlnum(text: string, index: number): boolean {
  return has(alnum, text.charCodeAt(index));
}

/** Where the run of `set` begins that ends before `end`, at most `most` characters before. */
export function startOfRun(set: CharSet, text: string, end: number, most: number): number {
  const bit = bits[set];
  let at = end;
  while (end - at < most && has(bit, text.charCodeAt(at - 1))) at -= 1;
  return at;
}

function has(bit: number, code: number): boolean {
  return ((setsOfCode[code < beyond ? code : beyond] ?? 0) & bit) !== 0;
}

/** Of 16 random characters, even of hex digits, 5 or more are distinct. */
const glanceChars = 16;
const fewestAtGlance = 5;

/**
 * Where runs of a text end. It keeps the last run of each set, so that a text is read once for each set at most,
 * however many beginnings of keys stand in one run.
 */
export class Runs {
  readonly #text: string;
  readonly #from = new Int32Array(names.length).fill(-1);
  readonly #to = new Int32Array(names.length).fill(-1);
  #dullFrom = -1;
  #dullTo = -1;

  constructor(text: string) {
    this.#text = text;
  }

  /**
   * The index after the run of `set` that begins at `from`, cut to `runChars`; `from` where there is none. Its
   * characters may be escaped.
   */
  end(set: CharSet, from: number): number {
    const n = places[set];
    const known = this.#to[n] ?? -1;
    if (from >= (this.#from[n] ?? -1) && from <= known) return known;
    const text = this.#text;
    const bit = bits[set];
    const limit = Math.min(text.length, from + redactionLimits.runChars);
    let to = from;
    while (to < limit) {
      if (has(bit, text.charCodeAt(to))) to += 1;
      else {
        const escape = escapeAt(text, to);
        if (escape === undefined || !has(bit, escape.code)) break;
        to = escape.end;
      }
    }
    this.#from[n] = from;
    this.#to[n] = to;
    return to;
  }

  /** Whether the next characters are but a few over and over. What is, is read once as well. */
  isDull(from: number): boolean {
    if (from < this.#dullFrom || from + glanceChars > this.#dullTo) {
      const text = this.#text;
      const limit = Math.min(text.length, from + redactionLimits.runChars);
      // A bit for each character; two of 32 may share one, which makes no key dull.
      let seen = 0;
      let distinct = 0;
      let to = from;
      for (; to < limit; to += 1) {
        const bit = 1 << (text.charCodeAt(to) & 31);
        if ((seen & bit) !== 0) continue;
        seen |= bit;
        distinct += 1;
        if (distinct >= fewestAtGlance) break;
      }
      this.#dullFrom = from;
      this.#dullTo = to;
    }
    return from + glanceChars <= this.#dullTo;
  }
}
