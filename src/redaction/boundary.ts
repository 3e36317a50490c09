import { isIn } from './char-sets.ts';
import type { Reading } from './rule.ts';

const longestColour = 16;

/** Whether a word may begin at `index`: not inside another, unless what stands before is no letter of a text. */
export function beginsWord({ text, foundTo }: Reading, index: number): boolean {
  return (
    index === foundTo || !isIn('alnum', text, index - 1) || endsEscape(text, index) || endsColour(text, index)
  );
}

/** Escapes of JSON and code (`\n`, `\u003d`, `\x3d`), of addresses (`%3D`) and of mails (`=3D`). */
function endsEscape(text: string, index: number): boolean {
  if (text[index - 2] === '\\') return true;
  if (!isIn('hex', text, index - 1) || !isIn('hex', text, index - 2)) return false;
  const mark = text[index - 3];
  if (mark === '%' || mark === '=') return true;
  return text.startsWith('\\x', index - 4) || text.startsWith('\\u', index - 6);
}

/** A terminal's colour: `ESC[32m`, with or without the ESC. */
function endsColour(text: string, index: number): boolean {
  if (text[index - 1] !== 'm') return false;
  let at = index - 2;
  while (index - at < longestColour && /[0-9;]/.test(text[at] ?? '')) at -= 1;
  return text[at] === '[';
}
