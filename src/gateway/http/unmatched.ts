/** Not seen, and no white space. */
const joiner = '\u2060';

/**
 * A text for a user, in which the pattern, with the flag `g`, finds nothing. It looks the same. Some tools take a
 * refusal for a passing problem because of its words, and then show nothing while they repeat the request.
 */
export function unmatchedText(text: string, pattern: RegExp): string {
  return text.replace(pattern, (found) =>
    // Of a row of digits, any part may be what the tool looks for.
    found.replace(/(?<![a-z])[a-z](?=[a-z])|\d(?=\d)/gi, `$&${joiner}`),
  );
}

/** The same JSON, in which the pattern finds nothing in a string before the string is parsed. */
export function unmatchedJson(json: string, pattern: RegExp): string {
  return json.replace(/"(?:[^"\\]|\\.)*"/g, (string) => string.replace(pattern, escaped));
}

function escaped(text: string): string {
  return text.replace(
    /[\x20-\x7e]/g,
    (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}
