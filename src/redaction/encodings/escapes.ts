const percent = 0x25;
const ampersand = 0x26;
const slash = 0x2f;
const backslash = 0x5c;
const letterU = 0x75;
const letterX = 0x78;
/** JSON in JSON doubles the backslashes. */
const mostBackslashes = 7;
/** `%252F`, and that escaped once more. */
const mostPercents = 2;
const entity = /&#(?:x([0-9A-Fa-f]{2})|(\d{2,3}));/y;

export interface Escape {
  readonly code: number;
  /** The index behind it. */
  readonly end: number;
}

/**
 * The character that begins at `index` as URLs, JSON and HTML escape it: `%2F`, `%252F`, `\u002F`,
 * `\x2F`, `\/`, `&#x2F;`, `&#47;`. The backslashes may be escaped themselves. Undefined for any other.
 */
export function escapeAt(text: string, index: number): Escape | undefined {
  switch (text.charCodeAt(index)) {
    case percent:
      return percentAt(text, index);
    case backslash:
      return backslashAt(text, index);
    case ampersand:
      return entityAt(text, index);
    default:
      return undefined;
  }
}

function percentAt(text: string, index: number): Escape | undefined {
  let at = index + 1;
  for (let n = 0; n < mostPercents && text.startsWith('25', at) && hexAt(text, at + 2) >= 0; n += 1) at += 2;
  return hexEscape(hexAt(text, at), at + 2);
}

function backslashAt(text: string, index: number): Escape | undefined {
  let at = index + 1;
  while (at - index < mostBackslashes && text.charCodeAt(at) === backslash) at += 1;
  const code = text.charCodeAt(at);
  if (code === slash) return { code, end: at + 1 };
  if (code === letterX) return hexEscape(hexAt(text, at + 1), at + 3);
  if (code !== letterU || !text.startsWith('00', at + 1)) return undefined;
  return hexEscape(hexAt(text, at + 3), at + 5);
}

function entityAt(text: string, index: number): Escape | undefined {
  entity.lastIndex = index;
  const [whole, hex, decimal] = entity.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
  return { code, end: index + whole.length };
}

function hexEscape(code: number, end: number): Escape | undefined {
  return code < 0 ? undefined : { code, end };
}

/** The value of the two hexadecimal digits at `index`; negative if there are none. */
function hexAt(text: string, index: number): number {
  const high = hexDigit(text.charCodeAt(index));
  const low = hexDigit(text.charCodeAt(index + 1));
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** How many characters stand from `from` to before `to`, each escape counted as one. */
export function unescapedLength(text: string, from: number, to: number): number {
  let length = 0;
  for (let at = from; at < to; length += 1) at = escapeAt(text, at)?.end ?? at + 1;
  return length;
}
