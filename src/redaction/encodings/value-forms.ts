/**
 * A value as it is, escaped for JSON (also for JSON in JSON), HTML, CSV, SQL and shells, encoded for URLs (also twice),
 * and inside base64 at whatever offset.
 */
export function formsOf(value: string): string[] {
  const json = inJson(value);
  const jsonTwice = inJson(json);
  // A lone surrogate cannot be URL-encoded; replaced, as it is in UTF-8, it still leads to the rest.
  const url = encodeURIComponent(value.toWellFormed());
  const form = new URLSearchParams([['', value]]).toString().slice(1);
  return [
    value,
    ...[json, jsonTwice, inJson(jsonTwice)],
    // PHP and others escape the slash too, Python what is not ASCII, Go what means something in HTML.
    json.replaceAll('/', '\\/'),
    ...[/[^\x20-~]/g, /[<>&]/g].map((chars) => json.replaceAll(chars, unicodeEscape)),
    value.replaceAll(/["&'<>]/g, (char) => `&${entities[char] ?? ''};`),
    ...['""', "''", "'\\''", "\\'"].map((to) => value.replaceAll(to.slice(-1), () => to)),
    ...[url, form, encodeURI(value.toWellFormed()), encodeURIComponent(url)].flatMap((encoded) => [
      encoded,
      lowerHex(encoded),
    ]),
    ...[0, 1, 2].flatMap((offset) => base64At(value, offset)),
  ];
}

const entities: Readonly<Record<string, string>> = {
  '"': 'quot',
  '&': 'amp',
  "'": '#39',
  '<': 'lt',
  '>': 'gt',
};

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function unicodeEscape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function lowerHex(encoded: string): string {
  return encoded.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
}

/**
 * What base64 of a longer text shows of `value` when it begins `offset` bytes (mod 3) into it: the digits that
 * depend on nothing but the value, in both alphabets (RFC 4648 sections 4 and 5).
 */
function base64At(value: string, offset: number): string[] {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(value, 'utf8')]);
  const firstOwnDigit = Math.ceil((offset * 8) / 6);
  const digitsOwned = Math.floor((bytes.length * 8) / 6);
  const digits = bytes.toString('base64').slice(firstOwnDigit, digitsOwned);
  return [digits, digits.replaceAll('+', '-').replaceAll('/', '_')];
}
