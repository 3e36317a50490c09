/** The replacement of a secret. */
export const mask = '***';

/** A place that may hold a secret of any shape. Redaction keeps group 1 and blanks the rest of the match. */
export interface Place {
  readonly name: string;
  readonly pattern: RegExp;
}

// After a name: `:` or `=`, with the quotes of JSON, of JSON in JSON, or of a console. All runs are bounded, so that no
// run of spaces can be scanned twice.
const assigned = String.raw`["'\\]{0,3}\s{0,16}[:=]\s{0,16}["'\\]{0,3}`;
// The same in an array, as Node prints `rawHeaders`: 'x-api-key', 'value'.
const listed = String.raw`["']\s{0,4},\s{0,16}["']`;
const separator = `(?:${assigned}|${listed})`;

const wholeLine = String.raw`[^\r\n"']+`;
const value = String.raw`[^\s"',;&\\]+`;
const oneToken = String.raw`(?:Bearer|Basic|Token|ApiKey)[ \t]{1,8}`;

/**
 * The places in HTTP, URLs and settings that hold secrets. Names match by their last words, which covers `x-api-key`,
 * `OPENAI_API_KEY` and `Proxy-Authorization`. Each pattern starts with a literal and ends with one open-ended run, so
 * matching is linear.
 */
export const places: readonly Place[] = [
  {
    name: 'authorizationToken',
    pattern: new RegExp(String.raw`(authorization${separator}${oneToken})${value}`, 'gi'),
  },
  {
    name: 'authorization',
    // The parameters of these schemes contain quotes; the value of an unknown scheme ends at a quote.
    pattern: new RegExp(
      String.raw`(authorization${separator})(?!${oneToken})` +
        String.raw`(?:(?:Digest|OAuth|Signature|AWS4-HMAC-SHA256)[ \t][^\r\n]+|${wholeLine})`,
      'gi',
    ),
  },
  { name: 'bearer', pattern: /(bearer\s{1,8})[A-Za-z0-9._~+/=-]{8,}/gi },
  {
    name: 'apiKey',
    pattern: new RegExp(
      String.raw`((?:api[-_ ]?|subscription[-_]?|secret[-_]?access[-_]?)key${separator})${value}`,
      'gi',
    ),
  },
  {
    name: 'token',
    pattern: new RegExp(
      String.raw`((?:access[-_]?token|refresh[-_]?token|auth[-_]?token|security[-_]?token|client[-_]?secret|password)${separator})${value}`,
      'gi',
    ),
  },
  { name: 'cookie', pattern: new RegExp(String.raw`(cookie${separator})${wholeLine}`, 'gi') },
  {
    name: 'query',
    pattern:
      /([?&](?:amp;)?(?:[a-z_-]{0,16}key|[a-z_-]{0,16}token|(?:x-amz-)?signature|x-amz-credential|sig|secret|password)=)[^&\s"'#<>]+/gi,
  },
  { name: 'userInfo', pattern: /(:\/\/)[^\s/?#"'<>]+(?=@)/g },
];

// A text, because a function is several times slower on hostile input.
const blanked = `$1${mask}`;

/** Blanks the value in every place that holds a secret. */
export function redactPlaces(text: string): string {
  let clean = text;
  for (const { pattern } of places) clean = clean.replace(pattern, blanked);
  return clean;
}
