import type { CharSet } from './char-sets.ts';
import { looksRandom } from './randomness.ts';
import type { Reading } from './rule.ts';

/** Strings that code puts together, a line that a shell goes on with, and the end of a line in a mail. */
const joint = /\\{0,3}["'`]\s{0,8}[+.]?\s{0,40}\\{0,3}["'`]|\\\r?\n[ \t]{0,32}|=\r?\n/y;
const mostPieces = 3;
const shortestPiece = 6;
const longestIndent = 8;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const tab = 0x09;
const space = 0x20;
/** What a piece of a key may end at. */
const mayEnd = new Uint8Array(128);
for (const char of '"\'`\\=\r\n') mayEnd[char.charCodeAt(0)] = 1;

/**
 * The end of the last piece of a key; `to` if it has one piece. The first one is from `from` to before `to`, without
 * the prefix. All together have `full` to `max` characters.
 */
export function endOfPieces(
  { text, runs }: Reading,
  chars: CharSet,
  from: number,
  to: number,
  full: number,
  max: number,
): number {
  let end = to;
  let length = to - from;
  for (let n = 1; n < mostPieces; n += 1) {
    const code = text.charCodeAt(end);
    if (mayEnd[code] !== 1) break;
    const isLine = code === lineFeed || code === carriageReturn;
    const start = isLine ? (end - from < full ? afterLineBreak(text, end) : -1) : afterJoint(text, end);
    if (start < 0) break;
    const next = runs.end(chars, start);
    if (next - start < shortestPiece || length + next - start > max) break;
    // A line is a piece only if it is nothing else.
    if (isLine && (!endsLine(text, next) || !looksRandom(text, start, next))) break;
    end = next;
    length += next - start;
  }
  return end;
}

function afterJoint(text: string, at: number): number {
  joint.lastIndex = at;
  return joint.test(text) ? joint.lastIndex : -1;
}

/** The index after a line break and the blanks behind it; negative if there is none. */
function afterLineBreak(text: string, at: number): number {
  const isReturn = text.charCodeAt(at) === carriageReturn;
  if (isReturn && text.charCodeAt(at + 1) !== lineFeed) return -1;
  return afterBlanks(text, isReturn ? at + 2 : at + 1);
}

function endsLine(text: string, at: number): boolean {
  const end = afterBlanks(text, at);
  return end === text.length || text.charCodeAt(end) === lineFeed || text.startsWith('\r\n', end);
}

function afterBlanks(text: string, at: number): number {
  let end = at;
  while (end - at < longestIndent && isBlank(text.charCodeAt(end))) end += 1;
  return end;
}

function isBlank(code: number): boolean {
  return code === space || code === tab;
}
