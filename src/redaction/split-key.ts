import type { CharSet } from './char-sets.ts';
import { looksRandom } from './randomness.ts';
import type { Reading } from './rule.ts';

/** Strings that code puts together, a line that a shell goes on with, and the end of a line in a mail. */
const joint = /\\{0,3}["'`]\s{0,8}[+.]?\s{0,40}\\{0,3}["'`]|\\\r?\n[ \t]{0,32}|=\r?\n/y;
const lineBreak = /\r?\n[ \t]{0,8}/y;
const lineEnd = /[ \t]{0,8}(?:\r?\n|$)/y;
const mostPieces = 3;
const shortestPiece = 6;

/** The end of a key of at least `full` characters that is written in pieces, the first of them from `from` to `to`. */
export function endOfPieces(
  { text, runs }: Reading,
  chars: CharSet,
  [from, to, full]: readonly [from: number, to: number, full: number],
): number {
  let end = to;
  for (let n = 1; n < mostPieces; n += 1) {
    const start = after(joint, text, end) ?? (end - from < full ? after(lineBreak, text, end) : undefined);
    if (start === undefined) break;
    const next = runs.end(chars, start);
    if (next - start < shortestPiece) break;
    // A line is a piece only if it is nothing else.
    const isLine = text[end] === '\n' || text[end] === '\r';
    if (isLine && (after(lineEnd, text, next) === undefined || !looksRandom(text, start, next))) break;
    end = next;
  }
  return end;
}

function after(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
