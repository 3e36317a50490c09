import { isIn } from './char-sets.ts';
import { mask } from './mask.ts';
import { looksRandom } from './randomness.ts';
import type { Find, Reading, Rule } from './rule.ts';
import type { BlockShape } from './shape.ts';

const space = String.raw`(?:[ +]|%(?:25)?20)`;
/** The rest of the line that ends `-----BEGIN RSA PRIVATE KEY-----`, also `BLOCK`, and SSH2's four dashes. */
const headerEnd = new RegExp(`(?:${space}BLOCK)?${space}?-{4,5}`, 'y');
/** `-----BEGIN RSA `: words alone, else it is the beginning of another block. */
const headerStart = /^-{4,5}(?:[ +]|%(?:25)?20)?BEGIN(?:[ +]|%(?:25)?20)(?:[A-Za-z0-9 +]|%(?:25)?20){0,40}$/;
const longestHeaderStart = 64;
const dash = 0x2d;
const puttyEnd = /(?:: ?|%(?:25)?3A(?:\+|%(?:25)?20))\d{1,4}/y;
const trailer = /END(?:[A-Z0-9 +]|%(?:25)?20){0,40}-{4,5}/y;
const otherBlock = 'BEGIN';
/** `Proc-Type: 4,ENCRYPTED`, `Version: GnuPG v2` and their like, at the beginning of some blocks. */
const field =
  /[A-Za-z][A-Za-z-]{2,19}(?:: |%(?:25)?3A(?:\+|%(?:25)?20))(?:(?!%(?:25)?0[AD])[^\r\n\\<]){1,100}/y;
const mostFields = 6;
/** What stands between the lines of a block, escaped or as a tag: `\n`, `%0A`, `%20`, `<br>`. */
const escapedBetween = /\\{1,8}(?:u000[AaDd]|[^\\/u*])|%(?:25)?(?:0[AaDd]|20|5C[nr])|<\/?[a-z]{1,4} ?\/?>/y;
const longestGap = 64;
/** Logs write a time, a level and a name before each line. */
const longestLead = 120;
/** Shorter runs are the block's last line, or words after it. */
const shortestLine = 16;
const mostShort = 5;
const fewestDigits = { loose: 8, full: 40 } as const;

/** Finds private keys between their marker lines, whatever stands before and between the lines of base64. */
export function privateKeyRule(shape: BlockShape, strength: 'loose' | 'full'): Rule {
  return {
    words: ['private key', 'private+key', 'private%20key', 'private%2520key', 'private-lines'],
    reach: longestHeaderStart,
    find: (reading, start, end) => {
      const header = headerAt(reading.text, start, end);
      if (header === undefined) return undefined;
      const body = readBody(reading, header.end, leadOf(reading.text, header.start));
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
  const dashes = startOfDashes(text, start);
  return headerStart.test(text.slice(dashes, start)) ? { start: dashes, end: pattern.lastIndex } : undefined;
}

/** The last four or five dashes before `end`, or a place with none. */
function startOfDashes(text: string, end: number): number {
  const least = Math.max(0, end - longestHeaderStart);
  let at = end - 1;
  while (at > least && text.charCodeAt(at) !== dash) at -= 1;
  let start = at;
  while (start > least && at - start < 4 && text.charCodeAt(start - 1) === dash) start -= 1;
  return start;
}

interface Body {
  /** How many digits of base64 it has. */
  readonly digits: number;
  /** Where they begin. */
  readonly first: number;
  readonly end: number;
}

/** Reads lines of base64 to the trailer, or to where words begin instead. `lead`: what stands before each line. */
function readBody(reading: Reading, start: number, lead: string): Body {
  const { text, runs } = reading;
  let at = skipFields(text, start, lead);
  let end = at;
  let digits = 0;
  let short = 0;
  let pending = 0;
  let first: number | undefined;
  for (;;) {
    const from = skipBetween(text, at, lead);
    trailer.lastIndex = from;
    if (text[from] === 'E' && trailer.test(text))
      return { digits: digits + pending, first: first ?? from, end: trailer.lastIndex };
    at = runs.end('base64std', from);
    const isLast = at === from || from - end > longestGap + lead.length || text.startsWith(otherBlock, from);
    const length = at - from;
    if (isLast || (length < shortestLine && (short += 1) > mostShort)) {
      return { digits, first: first ?? start, end: digits === 0 ? start : end };
    }
    pending += length;
    if (length < shortestLine && (at < text.length || short > 1)) continue;
    first ??= from;
    digits += pending;
    pending = 0;
    short = 0;
    end = at;
  }
}

function skipFields(text: string, start: number, lead: string): number {
  let at = start;
  for (let n = 0; n < mostFields; n += 1) {
    const next = skipMarks(text, skipBetween(text, at, lead));
    const end =
      endOfField(text, next) ?? (lead === '' ? undefined : endOfField(text, nextLine(text, at, lead)));
    if (end === undefined) break;
    at = end;
  }
  return at;
}

function endOfField(text: string, start: number): number | undefined {
  field.lastIndex = start;
  return field.test(text) ? field.lastIndex : undefined;
}

/** Of a diff or a comment; elsewhere in a block these are digits. */
function skipMarks(text: string, start: number): number {
  let at = start;
  while (text[at] === '+' || text[at] === '/') at += 1;
  return text[at] === ' ' ? at + 1 : at;
}

function nextLine(text: string, start: number, lead: string): number {
  const rest = text.slice(start, start + longestGap).indexOf('\n');
  return rest < 0 ? start : afterLead(text, start + rest + 1, lead);
}

function skipBetween(text: string, start: number, lead: string): number {
  let at = start;
  let from = start;
  while (at < text.length && at - from <= longestGap) {
    const char = text[at];
    if (
      (char === '*' || text[at + 1] === '*') &&
      (text.startsWith(mask, at) || text.startsWith(mask, at + 1))
    )
      break;
    if (isIn('gap', text, at)) at += 1;
    else if (char === '\\' || char === '%' || char === '<') {
      escapedBetween.lastIndex = at;
      if (!escapedBetween.test(text)) break;
      at = escapedBetween.lastIndex;
    } else break;
    if (char === '\n') from = at = afterLead(text, at, lead);
  }
  return at;
}

/** The index after what stands before each line, whatever its numbers are; `start` if something else stands there. */
function afterLead(text: string, start: number, lead: string): number {
  const end = start + lead.length;
  if (text.startsWith(lead, start)) return end;
  const known = withoutNumbers(lead);
  // One more digit: lines are counted.
  return [end, end + 1].find((at) => withoutNumbers(text.slice(start, at)) === known) ?? start;
}

function withoutNumbers(lead: string): string {
  return lead.replaceAll(/\d+/g, '0');
}

/** What stands before the header in its line; nothing where that is longer than what a log writes. */
function leadOf(text: string, start: number): string {
  const before = text.slice(Math.max(0, start - longestLead), start);
  const lead = before.slice(before.lastIndexOf('\n') + 1);
  return lead.length === longestLead ? '' : lead;
}
