/**
 * Characters that show as nothing, or turn the order of what follows: controls, marks of direction, zero widths,
 * tags, fillers, selectors. A name made of them could pass for another one.
 */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** A text from outside in one line in which nothing is hidden: what cannot be seen is shown as `[U+202E]`. */
export function shownText(text: string): string {
  return text
    .replaceAll(/[\r\n\t]+/g, ' ')
    .replaceAll(
      unseen,
      (found) => `[U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
    );
}

/** The same for a message of VS Code's, in which `[words](command:…)` would be a link that runs a command. */
export function messageText(text: string): string {
  return shownText(text).replaceAll('](', '] (');
}

/** The same for an item of a list to pick from, in which `$(name)` would be an icon. */
export function labelText(text: string): string {
  return shownText(text).replaceAll('$(', String.raw`\$(`);
}

/**
 * The same for Markdown, VS Code's icons in it and tables included: CommonMark lets any ASCII punctuation be escaped,
 * and what HTML could read is written as an entity.
 */
export function markdownText(text: string): string {
  return shownText(text).replaceAll(/[!-/:-@[-`{-~]/g, (mark) => entities.get(mark) ?? `\\${mark}`);
}

const entities = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  // A backslash before it would not keep `$(icon)` from being one.
  ['$', '&#36;'],
]);

/** A text as a block of code in Markdown, within a fence longer than any in it. */
export function codeBlock(text: string, language: string): string {
  let longest = 2;
  for (const [ticks] of text.matchAll(/`+/g)) longest = Math.max(longest, ticks.length);
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** JSON to be read by people and programs alike: what cannot be seen is written as JSON's own escapes. */
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
