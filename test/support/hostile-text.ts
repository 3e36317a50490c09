/** About `length` characters of `piece`, over and over, between a beginning and an end. */
function filled(length: number, piece: string, start = '', end = ''): string {
  const text = start + piece.repeat(Math.ceil((length - start.length - end.length) / piece.length)) + end;
  // In one piece, as what comes from a file or the network, and not as V8 joins strings.
  return Buffer.from(text).toString();
}

function encoded(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** Texts that are as hard to redact as any of their length: many beginnings that come to nothing, endless runs. */
export function hostileTexts(length: number): Readonly<Record<string, string>> {
  return {
    'prefixes without a key': filled(length, 'sk-'),
    'prefixes, each a word of its own': filled(length, ' sk- gsk_ AIza eyJ ghp_'),
    'one endless key': filled(length, 'a', 'sk-'),
    'keys a character too short': filled(length, ' sk-abcde'),
    'web tokens without a dot': filled(length, ' eyJabcdefgh'),
    'escapes before prefixes': filled(length, String.raw`\u003dsk-%3Dsk-\nsk-`),
    'markers without their key': filled(length, `${'a'.repeat(51)}JQQJ9-`),
    'names without a value': filled(length, 'authorization'),
    'names and spaces': filled(length, `authorization:${' '.repeat(16)}`),
    'bearers and spaces': filled(length, `bearer${' '.repeat(8)}`),
    'quotes of JSON in JSON': filled(length, String.raw`api_key\":\"`),
    'values of every place': filled(length, 'x-api-key: a, cookie=b&token=c ?key=d '),
    'parameters without a value': filled(length, '?aaaaaaaaaaaaaaaakey&aaaaaaaaaaaaaaaatoken'),
    'one endless address': filled(length, 'a', 'https://'),
    'addresses without an @': filled(length, ':// ://a'),
    'addresses with an @': filled(length, '://a:b@'),
    'addresses in one word': filled(length, '://'),
    'escaped slashes behind a prefix': filled(length, '%2F', 'ABSK'),
    'escapes of escapes': filled(length, '%25'),
    'prefixes and escapes': filled(length, String.raw`ABSK\\\\x`),
    entities: filled(length, 'ABSK&#x2F;&#'),
    'headers of private keys': filled(length, '-----BEGIN PRIVATE KEY-----\n'),
    'headers with a lead': filled(length, '2026-11-23 [main] -----BEGIN PRIVATE KEY-----\n'),
    'fields of private keys': filled(length, 'Version: x\n', '-----BEGIN PRIVATE KEY-----\n'),
    'short lines of a private key': filled(length, '-----BEGIN PRIVATE KEY-----\nabc def ghi jkl mno pqr\n'),
    'names and what may be near': filled(length, `secret_key${' |'.repeat(16)}`),
    'names and options': filled(length, `secret_key${' --body'.repeat(16)}`),
    'keys without a partner': filled(length, 'AKIAIOSFODNN7EXAMPLE,'),
    'numbers and colons': filled(length, '12345678:A'),
    'dots of a token': filled(length, `M${'a1B2'.repeat(6)}.abcdef.`),
    'pieces of keys': filled(length, '"sk-abcdef" + '),
    'lines of keys': filled(length, 'sk-abcdef\n'),
    'control sequences': filled(length, '\u001b[38;2;255;255;255msk-'),
    'base64 of blanks': filled(length, 'ICAg'),
    'base64 of base64 of base64': encoded(encoded(encoded(filled(length * 0.4, 'sk-abcdef ')))),
    'short words in base64': filled(length, 'QUJDREVGR0hJSktMTU5PUFFSU1RV '),
    'keys in base64': filled(length, 'c2stcHJvai1hMUIyYzNENGExQjJjM0Q0YTFCMmMzRDRhMUIyYzNENGExQjI='),
    'lines of base64': filled(length, `${'SUNB'.repeat(15)}\n`),
    'names behind lines of base64': filled(length, `${'SUNB'.repeat(15)}\nname:`),
    'marks between letters': filled(length, 'a/'),
    'escaped letters': filled(length, '%41'),
    'lines of escaped letters': filled(length, '%41bcd\n'),
    'escapes of a line each': filled(length, '%41\n'),
    'letters as JSON escapes them': filled(length, String.raw`\u0041`),
    'keys with an escaped letter': filled(length, String.raw` \u0073k-abcdefgh`),
    'zero-width spaces between letters': filled(length, 'a\u200b'),
    'colours between letters': filled(length, 'a\u001b[m\u001b[K'),
    'nothing but colours': filled(length, '\u001b[m', 'a', 'a'),
    'soft breaks between letters': filled(length, 'a=\n'),
    'nothing but backslashes': filled(length, '\\'),
    'nothing but spaces': filled(length, ' '),
    'nothing but quotes': filled(length, '"'),
  };
}
