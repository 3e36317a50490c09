/** About `length` characters of `piece`, over and over, between a beginning and an end. */
function filled(length: number, piece: string, start = '', end = ''): string {
  return start + piece.repeat(Math.ceil((length - start.length - end.length) / piece.length)) + end;
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
    'nothing but spaces': filled(length, ' '),
    'nothing but quotes': filled(length, '"'),
  };
}
