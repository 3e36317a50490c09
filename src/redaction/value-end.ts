import { isIn } from './char-sets.ts';
import { mask } from './mask.ts';

const longestName = 40;
const amp = '&amp;';
/** What ends a sentence or a bracket is no part of a bare value. */
const trailing = new Set('.,;:!?)]}');
const spaces = new Set(' \t\r\n\v\f\u00a0\u2028\u2029');
const quotes = new Set('"\'`');
const wordChar = /[A-Za-z0-9]/;

/** The end of a value in quotes that begins at `start`: at the quote as it was opened, or at the end of the line. */
export function endOfQuoted(text: string, start: number, opening: string): number {
  const slashes = opening.lastIndexOf('\\') + 1;
  const quote = opening.slice(slashes);
  const isOfLines = quote === '`' || quote === '"""' || quote === "'''";
  let escaping = 0;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (char === '\\') escaping += 1;
    else {
      if (char === '\n' && !isOfLines) return at;
      if (text.startsWith(quote, at)) {
        // Doubled is how SQL, YAML and others escape it.
        if (at > start && slashes === 0 && quote.length === 1 && text[at + 1] === quote) {
          at += 1;
          continue;
        }
        // An escaped quote has more backslashes than the one that opened; one with fewer ends what is around it.
        if (slashes === 0 ? escaping % 2 === 0 : escaping <= slashes)
          return at - (slashes === 0 ? 0 : escaping);
      }
      escaping = 0;
    }
  }
  return text.length;
}

/**
 * The end of a bare value: a space, a quote that closes, or a `,`, `;`, `&` or `|` with the next name behind it. A
 * password may have any of these inside.
 */
export function endOfWord(text: string, start: number): number {
  let at = start;
  for (; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (spaces.has(char)) break;
    // The argument of a call: `Secret("two words")`.
    if (quotes.has(char) && text[at - 1] === '(') return endOfQuoted(text, at + 1, char);
    if (quotes.has(char) && !wordChar.test(text[at + 1] ?? '')) break;
    if (char === '\\' && /[nrtu"'*\\]/.test(text[at + 1] ?? '')) break;
    if (char === '<' && text[at + 1] === '/') break;
    if ((char === ',' || char === ';' || char === '|') && isAtNextName(text, at + 1)) break;
    if (char === '&' && (isAtNextName(text, at + 1) || text.startsWith(amp, at))) break;
  }
  let end = at;
  while (end > start + 1 && trailing.has(text[end - 1] ?? '')) end -= 1;
  return end;
}

/** The end of a header's value that goes to the end of the line, or to the quote that opened before its name. */
export function endOfLine(text: string, start: number): number {
  for (let at = start; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (char === '\r' || char === '\n') return at;
    if (char === '\\' && /[nr]/.test(text[at + 1] ?? '')) return at;
    if (!quotes.has(char)) continue;
    let before = at - 1;
    while (text[before] === '\\') before -= 1;
    // Behind a `=` or a space it opens a parameter's value, else it closes what is around the header.
    if (before >= start && !/[=,:( \t]/.test(text[before] ?? '')) return before + 1;
    at = endOfQuoted(text, at + 1, text.slice(before + 1, at + 1));
  }
  return text.length;
}

/** Whether the next assignment begins here, or nothing follows: `a=1,b;host=x` ends before `;host=`. */
function isAtNextName(text: string, start: number): boolean {
  let at = start;
  if (!isIn('dotted', text, at)) {
    const char = text[at];
    return char === undefined || spaces.has(char) || quotes.has(char) || text.startsWith(mask, at);
  }
  while (at - start < longestName && (isIn('dotted', text, at) || text[at] === ' ' || text[at] === '*'))
    at += 1;
  return text[at] === '=' || text[at] === ':';
}
