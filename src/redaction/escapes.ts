/**
 * One character as URLs, JSON and HTML escape it: `%2F`, `%252F`, `\u002F`, `\/`, `&#x2F;`, `&#47;`. The backslashes may
 * be escaped themselves.
 */
const escape =
  /%(?:25){0,2}([0-9A-Fa-f]{2})|\\{1,7}u00([0-9A-Fa-f]{2})|\\{1,7}(\/)|&#(?:x([0-9A-Fa-f]{2})|(\d{2,3}));/y;
const beginnings = new Set('%\\&');

export interface Escape {
  readonly char: string;
  /** The index behind it. */
  readonly end: number;
}

/** The escape that begins at `index`. */
export function escapeAt(text: string, index: number): Escape | undefined {
  if (!beginnings.has(text[index] ?? '')) return undefined;
  escape.lastIndex = index;
  const [whole, percent, unicode, slash, hex, decimal] = escape.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const code = decimal === undefined ? parseInt(percent ?? unicode ?? hex ?? '', 16) : Number(decimal);
  return { char: slash ?? String.fromCharCode(code), end: index + whole.length };
}

/** How many characters stand from `from` to before `to`, each escape counted as one. */
export function unescapedLength(text: string, from: number, to: number): number {
  let length = 0;
  for (let at = from; at < to; length += 1) at = escapeAt(text, at)?.end ?? at + 1;
  return length;
}
