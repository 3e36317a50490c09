import { redactionLimits } from '../../shared/limits/redaction-limits.ts';
import { isIn, isOneOf } from '../char-sets.ts';
import { escapeAt } from './escapes.ts';
import type { Find } from '../rule.ts';

/**
 * What a disguise begins with: an escape of a character that needs none, something invisible, a soft line break. Some
 * other texts begin like this, too, and what is searched for words meets more of them: it compares seven bits alone.
 */
export const disguiseWords: readonly string[] = [
  ...String.raw`%25 %2d %26 %2e %3 %4 %5 %6 %7 \u00 \x &#`.split(' '),
  ...'\u001b[ \u200b \u200c \u200d \u2060 \ufeff'.split(' '),
  ...['=\n', '=\r\n', '\\\n', '\\\r\n'],
];

const { disguisedChars, disguisedEdgeChars, waitingChars } = redactionLimits;
/** Escapes are longer than what they stand for. */
const mostSourceChars = 8 * disguisedChars;
const mostEdgeSourceChars = 2 * disguisedChars;
const longestWord = 16;

const lineFeed = 0x0a;
const backslash = 0x5c;
const escapeChar = 0x1b;
const openBracket = 0x5b;
const ampersand = 0x26;
const hash = 0x23;
const letterU = 0x75;
const letterX = 0x78;
const invisible = new Set([0x200b, 0x200c, 0x200d, 0x2060, 0xfeff]);
/** By the low seven bits of its code: 1 where a character may begin a disguise. */
const mayBegin = new Uint8Array(128);
for (const word of disguiseWords) mayBegin[word.charCodeAt(0) & 127] = 1;
const control = /\[[\d;?]{0,24}[A-Za-z]/y;
const softBreak = /=\r?\n|\\\r?\n[ \t]{0,32}/y;

/** Stands for nothing. */
const nothing = -1;
const plain = 0;
const escaped = 1;
/** Something invisible stands before it. */
const joined = 2;

interface Disguise {
  readonly code: number;
  readonly end: number;
}

/** Of a line, what is searched. */
interface Stretch {
  /** Where it begins in what is written. */
  readonly from: number;
  /** What ends up to here in the text was searched before. */
  readonly searchedTo: number;
}

/**
 * Finds the secrets with characters that are escaped without need, as `\u0073k-…` and `%73k-…`, or with something
 * between them that a reader does not see: zero-width characters, colours of a terminal, soft line breaks. Writes
 * what stands around such a place without them, and searches many together.
 */
export class DisguisedRuns {
  /** In order. Its user takes out what it has read. */
  readonly finds: Find[] = [];
  readonly #text: string;
  readonly #search: (text: string) => readonly Find[];
  #at = 0;
  #met: number[] = [];
  /** To where the text was written, and to where disguises were looked at. */
  #writtenTo = 0;
  #seenTo = 0;
  /** Where to go on behind a stretch that was too long; negative if none was. */
  #resumeAt = -1;
  #firstStart = 0;
  #stretches: Stretch[] = [];
  #written: Buffer | undefined;
  #units = new Uint16Array(0);
  /** For each character that is written: where it stands in the text, and whether it is escaped or joined. */
  #sources = new Int32Array(0);
  #marks = new Uint8Array(0);
  #used = 0;

  constructor(text: string, search: (text: string) => readonly Find[]) {
    this.#text = text;
    this.#search = search;
  }

  /** No later find begins before this. */
  get openFrom(): number {
    const next = this.#at - longestWord - disguisedEdgeChars;
    const start = this.#resumeAt < 0 ? next : Math.min(next, this.#resumeAt);
    return this.#used === 0 ? start : Math.min(start, this.#firstStart);
  }

  /** One of the words begins at `index`. To search now would disturb the search that met it. */
  meet(index: number): void {
    this.#met.push(index);
  }

  /** All words up to `to` were met. */
  advance(to: number): void {
    for (const index of this.#met) this.#look(index);
    this.#met = [];
    this.#at = to;
    if (this.#used === 0) return;
    // Other finds wait for these.
    if (to === this.#text.length || to - this.#firstStart > waitingChars) this.#flush();
  }

  #look(index: number): void {
    if (index < this.#seenTo) return;
    const text = this.#text;
    const start = text.charCodeAt(index) === backslash ? startOfBackslashes(text, index) : index;
    if (start < this.#seenTo) return;
    const disguise = disguiseAt(text, start);
    if (disguise === undefined) return;
    if (disguise.code === nothing ? this.#isWithinWord(start) : isNeedless(text, disguise))
      this.#write(start);
  }

  /** Whether a word goes on behind what is invisible at `index`. */
  #isWithinWord(index: number): boolean {
    const text = this.#text;
    if (index === 0 || !isIn('dotted', text, index - 1)) return false;
    let disguise = disguiseAt(text, index);
    let end = index;
    for (; disguise?.code === nothing && end - index < disguisedEdgeChars; disguise = disguiseAt(text, end))
      end = disguise.end;
    this.#seenTo = end;
    return disguise === undefined ? isIn('dotted', text, end) : isNeedless(text, disguise);
  }

  /** Writes what stands around the disguise at `index`, as far as it may be one secret. */
  #write(index: number): void {
    if (this.#used > disguisedChars) this.#flush();
    if (this.#written === undefined) this.#allocate();
    const text = this.#text;
    const start = this.#startOf(index);
    const first = this.#used;
    const last = Math.min(text.length, start + mostSourceChars);
    let used = first;
    let edge = first + disguisedEdgeChars;
    let mark = plain;
    let at = start;
    while (at < last && used < first + disguisedChars && (at <= index || used < edge)) {
      const code = text.charCodeAt(at);
      const disguise = mayBegin[code & 127] === 1 ? disguiseAt(text, at) : undefined;
      if (disguise === undefined && code === lineFeed) break;
      if (disguise?.code === nothing) mark = joined;
      else {
        if (disguise !== undefined && isNeedless(text, disguise)) mark = escaped;
        if (mark !== plain) edge = used + disguisedEdgeChars;
        this.#units[used] = disguise?.code ?? code;
        this.#sources[used] = at;
        this.#marks[used] = mark;
        mark = plain;
        used += 1;
      }
      at = disguise?.end ?? at + 1;
    }
    const isCut = at < text.length && used < edge && text.charCodeAt(at) !== lineFeed;
    const resumeAt = this.#sources[Math.max(first, used - disguisedEdgeChars)] ?? at;
    this.#resumeAt = isCut ? Math.max(resumeAt, at - mostEdgeSourceChars) : -1;
    if (first === 0) this.#firstStart = start;
    this.#stretches.push({ from: first, searchedTo: this.#writtenTo });
    this.#writtenTo = this.#seenTo = at;
    this.#units[used] = lineFeed;
    this.#sources[used] = at;
    this.#marks[used] = plain;
    this.#used = used + 1;
  }

  /** Where the line begins in which `index` is, or a part of it. */
  #startOf(index: number): number {
    if (this.#resumeAt >= 0 && index - this.#writtenTo < disguisedEdgeChars) return this.#resumeAt;
    const least = Math.max(0, index - disguisedEdgeChars);
    let start = index;
    while (start > least && this.#text.charCodeAt(start - 1) !== lineFeed) start -= 1;
    return start;
  }

  #allocate(): void {
    const size = 2 * disguisedChars + 2;
    const memory = new ArrayBuffer(2 * size);
    this.#written = Buffer.from(memory);
    this.#units = new Uint16Array(memory);
    this.#sources = new Int32Array(size);
    this.#marks = new Uint8Array(size);
  }

  #flush(): void {
    const stretches = this.#stretches;
    const text = this.#written?.toString('utf16le', 0, 2 * this.#used) ?? '';
    let n = 0;
    for (const { what, start, end } of this.#search(text)) {
      while ((stretches[n + 1]?.from ?? text.length) <= start) n += 1;
      const to = Math.min(end, (stretches[n + 1]?.from ?? text.length) - 1);
      const source = { start: this.#sources[start] ?? 0, end: this.#sources[to] ?? 0 };
      if (what === 'place' || !this.#hasMark(start, to)) continue;
      if (source.end > (stretches[n]?.searchedTo ?? 0)) this.finds.push({ what, ...source, kept: 0 });
    }
    this.#used = 0;
    this.#stretches = [];
  }

  #hasMark(start: number, end: number): boolean {
    if (this.#marks[start] === escaped) return true;
    for (let at = start + 1; at < end; at += 1) if (this.#marks[at] !== plain) return true;
    return false;
  }
}

/** Whether it stands for what RFC 3986 (2.3) calls unreserved, or for the beginning of another escape. */
function isNeedless(text: string, { code, end }: Disguise): boolean {
  if (code === ampersand) return text.charCodeAt(end) === hash;
  if (code === backslash) return text.charCodeAt(end) === letterU || text.charCodeAt(end) === letterX;
  return isOneOf('dotted', code);
}

function disguiseAt(text: string, index: number): Disguise | undefined {
  const code = text.charCodeAt(index);
  if (code > 0x7f) return invisible.has(code) ? { code: nothing, end: index + 1 } : undefined;
  if (code === escapeChar) return controlAt(text, index + 1);
  const escape = escapeAt(text, index);
  if (escape !== undefined) {
    const isControl = escape.code === escapeChar && text.charCodeAt(escape.end) === openBracket;
    return isControl ? controlAt(text, escape.end) : escape;
  }
  softBreak.lastIndex = index;
  return softBreak.test(text) ? { code: nothing, end: softBreak.lastIndex } : undefined;
}

/** The rest of a terminal's control sequence, behind its ESC. */
function controlAt(text: string, index: number): Disguise | undefined {
  control.lastIndex = index;
  return control.test(text) ? { code: nothing, end: control.lastIndex } : undefined;
}

/** JSON in JSON doubles them. */
function startOfBackslashes(text: string, index: number): number {
  let start = index;
  while (start > 0 && index - start < longestWord / 2 && text.charCodeAt(start - 1) === backslash) start -= 1;
  return start;
}
