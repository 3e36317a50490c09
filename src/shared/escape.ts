/**
 * Characters that are invisible or change the order of the text after them: controls, direction marks, zero widths,
 * tags, fillers, selectors. They can make one name look like another.
 */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** A text from outside as one line in which nothing is hidden: invisible characters become `[U+202E]`. */
export function shownText(text: string): string {
  return text
    .replaceAll(/[\r\n\t]+/g, ' ')
    .replaceAll(
      unseen,
      (found) => `[U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
    );
}

/** The same for VS Code's messages, where `[words](command:…)` would become a link that runs a command. */
export function messageText(text: string): string {
  return shownText(text).replaceAll('](', '] (');
}

/** The same for items of a pick list, where `$(name)` would become an icon. */
export function labelText(text: string): string {
  return shownText(text).replaceAll('$(', String.raw`\$(`);
}

/**
 * The same for Markdown, including VS Code's icons and tables. CommonMark allows escaping any ASCII punctuation;
 * characters of HTML become entities.
 */
export function markdownText(text: string): string {
  return shownText(text).replaceAll(/[!-/:-@[-`{-~]/g, (mark) => entities.get(mark) ?? `\\${mark}`);
}

const entities = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  // A backslash would not stop `$(icon)`.
  ['$', '&#36;'],
]);

/** A text as a Markdown code block, with a fence longer than any in the text. */
export function codeBlock(text: string, language: string): string {
  let longest = 2;
  for (const [ticks] of text.matchAll(/`+/g)) longest = Math.max(longest, ticks.length);
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** JSON for people and programs. Invisible characters become JSON escapes. */
export function jsonText(value: unknown): string {
  const unitsOf = (found: string) =>
    Array.from({ length: found.length }, (_, at) => found.charCodeAt(at).toString(16).padStart(4, '0'));
  const escaped = (found: string) =>
    found === '\n'
      ? found
      : unitsOf(found)
          .map((unit) => `\\u${unit}`)
          .join('');
  return `${JSON.stringify(value, undefined, 2).replaceAll(unseen, escaped)}\n`;
}
