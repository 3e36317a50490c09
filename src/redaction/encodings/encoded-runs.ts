import { redactionLimits } from '../../shared/limits/redaction-limits.ts';
import type { Find } from '../rule.ts';

/** Shorter base64 holds no key. */
const shortestRun = 28;
/** The first bytes of a text tell it from other data. */
const headBytes = 12;
/** A line that is followed by more of the same text has at least this many digits. */
const shortestLine = 60;
/** Between two lines, also as JSON writes it. The next line is no name of something else. */
const lineBreak = /(?:\r?\n|(?:\\r)?\\n)[ \t]{0,8}(?=[\w+/-]{80}|[\w+/-]{1,79}={0,2}(?:[\s"'`\\<),;\]}]|$))/y;
const padding = '=';
const longestPadding = 2;
/** Data have more control characters than texts. */
const controlShare = 1 / 32;
const separator = 0x0a;

const noDigit = 0xff;
/** Those from here on are no letters. A text may begin behind one, as in a path or a query. */
const firstMark = 62;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** By code: what a digit stands for in both alphabets (RFC 4648 sections 4 and 5). One for each code is the fastest. */
const valueOf = new Uint8Array(0x10000).fill(noDigit);
for (let value = 0; value < alphabet.length; value += 1) valueOf[alphabet.charCodeAt(value)] = value;
valueOf['-'.charCodeAt(0)] = firstMark;
valueOf['_'.charCodeAt(0)] = firstMark + 1;

/** A text in base64 within another text. */
interface Run {
  start: number;
  /** Undefined while it is read. */
  end?: number;
  /** What was found in it. */
  what?: Find['what'];
}

/**
 * Finds the texts in base64 that have a secret in them: values of a Kubernetes secret, credentials of HTTP, data URLs,
 * scripts in UTF-16. Names and binary files are told apart by their first bytes. It decodes in pieces, and searches
 * short texts together.
 */
export class EncodedRuns {
  /** In order. Its user takes out what it has read. */
  readonly finds: Find[] = [];
  readonly #text: string;
  readonly #search: (text: string) => readonly Find[];
  #at = 0;
  /** From `#at` to before this there are digits alone. */
  #digitsTo = 0;
  #run: Run | undefined;
  #lineStart = 0;
  /** Of UTF-16 each second byte is left out. */
  #isWide = false;
  #bits = 0;
  #bitCount = 0;
  #bytes = 0;
  #controls = 0;
  #decoded: Buffer | undefined;
  #used = 0;
  /** Where the last search of the current run was, and the one before: no find to come begins before that one. */
  #searchedAt = 0;
  #cleanTo = 0;
  /** Where the text of each run begins in what is decoded. */
  #pieces: { readonly from: number; readonly run: Run }[] = [];

  constructor(text: string, search: (text: string) => readonly Find[]) {
    this.#text = text;
    this.#search = search;
  }

  /** No later find begins before this. */
  get openFrom(): number {
    return this.#pieces[0]?.run.start ?? this.#at;
  }

  /** Reads on to `to`, and to the end of what it has decoded at the end of the text. */
  advance(to: number): void {
    while (this.#at < to) {
      if (this.#run === undefined) this.#skipTo(to);
      else this.#decode(this.#run, to);
    }
    if (to < this.#text.length) {
      // Other finds wait for these.
      if (this.#run === undefined && this.#used > 0 && to - this.openFrom > redactionLimits.waitingChars)
        this.#flush();
      return;
    }
    if (this.#run !== undefined) this.#end(this.#run, to);
    if (this.#used > 0) this.#flush();
  }

  /** Goes on to the next beginning of a text, or at least to `to`. Looks at one in 28 characters of ordinary text. */
  #skipTo(to: number): void {
    const text = this.#text;
    const lastStart = text.length - shortestRun;
    let at = this.#at;
    let digitsTo = this.#digitsTo;
    let width = 0;
    while (at < to && at <= lastStart) {
      const last = at + shortestRun - 1;
      const from = digitsTo > at ? digitsTo : at;
      let back = last;
      while (back >= from && valueOf[text.charCodeAt(back)] !== noDigit) back -= 1;
      if (back >= from) {
        at = digitsTo = back + 1;
        continue;
      }
      digitsTo = last + 1;
      width = widthAt(text, at);
      if (width > 0) break;
      at = afterMark(text, at, to);
    }
    this.#at = at <= lastStart ? at : text.length;
    this.#digitsTo = digitsTo;
    if (width > 0) this.#begin(at, width);
  }

  #begin(at: number, width: number): void {
    this.#decoded ??= Buffer.allocUnsafe(redactionLimits.decodedBytes);
    this.#run = { start: at };
    this.#pieces.push({ from: this.#used, run: this.#run });
    this.#lineStart = this.#searchedAt = this.#cleanTo = at;
    this.#isWide = width > 1;
    this.#bits = this.#bitCount = this.#bytes = this.#controls = 0;
  }

  #decode(run: Run, to: number): void {
    const text = this.#text;
    let at = this.#at;
    for (; at < to; at += 1) {
      const value = valueOf[text.charCodeAt(at)] ?? noDigit;
      if (value !== noDigit) {
        this.#bits = ((this.#bits << 6) | value) & 0xffff;
        this.#bitCount += 6;
        if (this.#bitCount < 8) continue;
        this.#bitCount -= 8;
        this.#put((this.#bits >> this.#bitCount) & 0xff, run, at);
        continue;
      }
      lineBreak.lastIndex = at;
      if (at - this.#lineStart < shortestLine || !lineBreak.test(text)) {
        this.#end(run, at);
        return;
      }
      at = lineBreak.lastIndex - 1;
      this.#lineStart = at + 1;
    }
    this.#at = at;
    if (at - run.start > redactionLimits.waitingChars) this.#handOn(run, at);
  }

  /** Goes on as if a long run began later. */
  #handOn(run: Run, at: number): void {
    if (run.what !== undefined) this.#found({ ...run, end: at }, run.what);
    run.start = run.what === undefined ? this.#cleanTo : at;
  }

  #put(byte: number, run: Run, at: number): void {
    const { decodedBytes, decodedOverlap } = redactionLimits;
    this.#bytes += 1;
    // Where something was found, nothing more is looked for.
    if (run.what !== undefined || (this.#isWide && this.#bytes % 2 === 0) || this.#decoded === undefined)
      return;
    if (!isOfText(byte) && byte < 0x80) this.#controls += 1;
    this.#decoded[this.#used] = byte;
    this.#used += 1;
    if (this.#used < decodedBytes) return;
    this.#flush();
    // What begins at the edge is seen whole.
    this.#decoded.copyWithin(0, decodedBytes - decodedOverlap, decodedBytes);
    this.#used = decodedOverlap;
    this.#pieces = [{ from: 0, run }];
    this.#cleanTo = this.#searchedAt;
    this.#searchedAt = at;
  }

  #end(run: Run, at: number): void {
    run.end = at;
    while (run.end - at < longestPadding && this.#text[run.end] === padding) run.end += 1;
    this.#run = undefined;
    this.#at = this.#digitsTo = Math.max(at, this.#at);
    const isData = this.#controls > this.#bytes * controlShare;
    if (isData || run.what !== undefined) {
      this.#used = this.#pieces.pop()?.from ?? 0;
      if (run.what !== undefined) this.#found(run, run.what);
    } else if (this.#decoded !== undefined) {
      this.#decoded[this.#used] = separator;
      this.#used += 1;
      if (this.#used === this.#decoded.length) this.#flush();
    }
  }

  /** Searches what is decoded. */
  #flush(): void {
    const pieces = this.#pieces;
    const text = this.#decoded?.toString('latin1', 0, this.#used) ?? '';
    let n = 0;
    for (const { what, start, end } of this.#search(text)) {
      while ((pieces[n + 1]?.from ?? text.length) <= start) n += 1;
      for (let at = n; (pieces[at]?.from ?? end) < end; at += 1) mark(pieces[at]?.run, what);
    }
    for (const { run } of pieces) if (run.what !== undefined) this.#found(run, run.what);
    this.#used = 0;
    this.#pieces = [];
  }

  #found({ start, end }: Run, what: Find['what']): void {
    if (end !== undefined) this.finds.push({ what, start, end, kept: 0 });
  }
}

function mark(run: Run | undefined, what: Find['what']): void {
  if (run !== undefined) run.what ??= what;
}

/** How many bytes a character has of the text that begins here: 1, 2 as in UTF-16, or 0 where there is none. */
function widthAt(text: string, start: number): number {
  let width = 1;
  let bits = 0;
  let bitCount = 0;
  let bytes = 0;
  for (let at = start; bytes < headBytes; at += 1) {
    bits = ((bits << 6) | (valueOf[text.charCodeAt(at)] ?? 0)) & 0xffff;
    bitCount += 6;
    if (bitCount < 8) continue;
    bitCount -= 8;
    const byte = (bits >> bitCount) & 0xff;
    bytes += 1;
    if (bytes === 2 && byte === 0) width = 2;
    const isText = width === 2 && bytes % 2 === 0 ? byte === 0 : isOfText(byte);
    if (!isText) return 0;
  }
  return width;
}

function isOfText(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** The index behind the next digit that is no letter, or behind the digits, or `to`. */
function afterMark(text: string, start: number, to: number): number {
  let at = start;
  while (at < to && (valueOf[text.charCodeAt(at)] ?? noDigit) < firstMark) at += 1;
  return at + 1;
}
