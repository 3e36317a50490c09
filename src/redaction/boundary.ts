import { isAlnum, isIn } from './char-sets.ts';
import type { Reading } from './rule.ts';

/** The parameters of a terminal's control sequence: a colour of 24 bits has 18. */
const longestParameters = 24;
/** ESC, as it is or as JSON and shells write it. */
const longestEscape = 6;
const escape = /\\(?:u001b|x1b|033|e)$/i;

/** Whether a word may begin at `index`: not inside another, unless what stands before is no letter of a text. */
export function beginsWord({ text, foundTo }: Reading, index: number): boolean {
  return (
    index === foundTo ||
    !isAlnum(text, index - 1) ||
    endsEscape(text, index) ||
    endsControlSequence(text, index)
  );
}

/** Escapes of JSON and code (`\n`, `\u003d`, `\x3d`), of addresses (`%3D`, `%253D`) and of mails (`=3D`). */
function endsEscape(text: string, index: number): boolean {
  if (text[index - 2] === '\\') return true;
  if (!isIn('hex', text, index - 1) || !isIn('hex', text, index - 2)) return false;
  const mark = text[index - 3];
  if (mark === '%' || mark === '=') return true;
  return (
    text.startsWith('%25', index - 5) ||
    text.startsWith('\\x', index - 4) ||
    text.startsWith('\\u', index - 6)
  );
}

/** A terminal's colours and moves, such as `ESC[32m` and `ESC[2K`; a colour also without the ESC. */
function endsControlSequence(text: string, index: number): boolean {
  let at = index - 2;
  while (index - at < longestParameters && /[0-9;?]/.test(text[at] ?? '')) at -= 1;
  if (text[at] !== '[') return false;
  if (text[index - 1] === 'm' && at < index - 2) return true;
  return text[at - 1] === '\u001b' || escape.test(text.slice(Math.max(0, at - longestEscape), at));
}
