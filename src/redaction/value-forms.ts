/** A value as it is, escaped for JSON, encoded for URLs, and inside base64 at whatever offset. */
export function formsOf(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  // A lone surrogate cannot be URL-encoded; replaced, as it is in UTF-8, it still leads to the rest.
  const url = encodeURIComponent(value.toWellFormed());
  const form = new URLSearchParams([['', value]]).toString().slice(1);
  return [
    value,
    json,
    // PHP and others escape the slash too.
    json.replaceAll('/', String.raw`\/`),
    ...[url, form, encodeURI(value.toWellFormed())].flatMap((encoded) => [encoded, lowerHex(encoded)]),
    ...[0, 1, 2].flatMap((offset) => base64At(value, offset)),
  ];
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
