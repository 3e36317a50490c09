import { isIn } from './char-sets.ts';
import { mask } from './mask.ts';
import { looksRandom } from './randomness.ts';
import type { Find, Reading, Rule } from './rule.ts';
import type { BlockShape } from './shape.ts';

/** The rest of the line that ends `-----BEGIN RSA PRIVATE KEY-----`, also `BLOCK`, and SSH2's four dashes. */
const headerEnd = /(?: BLOCK)? ?-{4,5}/y;
const headerWord = 'BEGIN ';
const longestHeaderStart = 32;
/** `RSA ` of `BEGIN RSA PRIVATE KEY`. */
const kindOfKey = /^[a-z0-9 ]*$/i;
const puttyEnd = /: ?\d{1,4}/y;
const trailer = /END [A-Z0-9 ]{0,40}-{4,5}/y;
/** `Proc-Type: 4,ENCRYPTED`, `Version: GnuPG v2` and their like, at the beginning of some blocks. */
const field = /: [^\r\n\\]{1,100}/y;
const longestField = 20;
const mostFields = 6;
/** What may stand between the lines of a block: quotes, comments, diffs, escapes. */
const between = new Set(' \t\r\n"\'`,;:>|#*().-_[]{}');
const longestGap = 64;
/** Shorter runs are the block's last line, or words after it. */
const shortestLine = 16;
const mostShort = 3;
const fewestDigits = { loose: 8, full: 40 } as const;

/** Finds private keys between their marker lines, whatever stands before and between the lines of base64. */
export function privateKeyRule(shape: BlockShape, strength: 'loose' | 'full'): Rule {
  return {
    words: ['private key', 'private-lines'],
    find: (reading, start, end) => {
      const header = headerAt(reading.text, start, end);
      if (header === undefined) return undefined;
      const body = readBody(reading, header.end);
      if (body.digits < fewestDigits[strength]) return undefined;
      if (strength === 'full' && !looksRandom(reading.text, body.first, body.end)) return undefined;
      return {
        what: shape,
        start: header.start,
        end: body.end,
        kept: header.end - header.start,
      } satisfies Find;
    },
  };
}

function headerAt(text: string, start: number, end: number): { start: number; end: number } | undefined {
  const isPutty = text.startsWith('Private-Lines', start);
  const pattern = isPutty ? puttyEnd : headerEnd;
  pattern.lastIndex = end;
  if (!pattern.test(text)) return undefined;
  if (isPutty) return { start, end: pattern.lastIndex };
  const from = Math.max(0, start - longestHeaderStart);
  const word = text.slice(from, start).lastIndexOf(headerWord);
  // Words alone: else it is the beginning of another block.
  if (word < 0 || !kindOfKey.test(text.slice(from + word + headerWord.length, start))) return undefined;
  let at = from + word;
  if (text[at - 1] === ' ') at -= 1;
  while (at > from && text[at - 1] === '-') at -= 1;
  return text.startsWith('----', at) ? { start: at, end: pattern.lastIndex } : undefined;
}

interface Body {
  /** How many digits of base64 it has. */
  readonly digits: number;
  /** Where they begin. */
  readonly first: number;
  readonly end: number;
}

/** Reads lines of base64 to the trailer, or to where words begin instead. */
function readBody(reading: Reading, start: number): Body {
  const { text, runs } = reading;
  let at = skipFields(reading, start);
  let end = at;
  let digits = 0;
  let short = 0;
  let pending = 0;
  let first: number | undefined;
  for (;;) {
    const from = skipBetween(text, at);
    trailer.lastIndex = from;
    if (text[from] === 'E' && trailer.test(text))
      return { digits: digits + pending, first: first ?? from, end: trailer.lastIndex };
    at = runs.end('base64std', from);
    const isLast = at === from || from - end > longestGap;
    const length = at - from;
    if (isLast || (length < shortestLine && (short += 1) > mostShort)) {
      return { digits, first: first ?? start, end: digits === 0 ? start : end };
    }
    pending += length;
    if (length < shortestLine && at < text.length) continue;
    first ??= from;
    digits += pending;
    pending = 0;
    short = 0;
    end = at;
  }
}

function skipFields({ text, runs }: Reading, start: number): number {
  let at = start;
  for (let n = 0; n < mostFields; n += 1) {
    let name = skipBetween(text, at);
    // Of a diff or a comment; elsewhere in a block these are digits.
    while (text[name] === '+' || text[name] === '/' || text[name] === ' ') name += 1;
    const colon = runs.end('base64url', name);
    if (text[colon] !== ':' || colon - name > longestField) break;
    field.lastIndex = colon;
    if (!field.test(text)) break;
    at = field.lastIndex;
  }
  return at;
}

function skipBetween(text: string, start: number): number {
  let at = start;
  while (at < text.length && at - start <= longestGap) {
    if (text.startsWith(mask, at) || text.startsWith(mask, at + 1)) break;
    if (text[at] === '\\') at += 2;
    else if (between.has(text[at] ?? '') && !isIn('base64std', text, at)) at += 1;
    else break;
  }
  return at;
}
