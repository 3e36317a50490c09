/**
 * Errors and usage have the same words in all dialects. Many providers send `"usage":null` with every event. A letter
 * of a name may be written as its code: no provider does that, but the name would be the same.
 */
const errorOrUsage = String.raw`error|usage(?!"\s*:\s*null)|\\u00[4-7]`;

/**
 * Matches the text of every event that is an error, reports usage or contains one of `endWords`, the source of a
 * regular expression. It may also match other events.
 */
export function significantWords(endWords: string): RegExp {
  return new RegExp(`${errorOrUsage}|${endWords}`);
}
