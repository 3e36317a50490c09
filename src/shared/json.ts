import { jsonLimits } from './limits/json-limits.ts';

/** A JSON object, not a list and not null. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The value of a JSON text, or undefined for other text and for one that is too deep to be walked through. No JSON text has the value undefined, so the two cannot be
 * confused. The error is dropped because it quotes the text.
 */
export function parseJson(text: string): unknown {
  if (isTooDeep(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const quote = 0x22;
const backslash = 0x5c;

/** Looked for before the text is parsed: a deep text is parsed slowly, and overflows the stack of its readers. */
function isTooDeep(text: string): boolean {
  if (text.length <= jsonLimits.depth) return false;
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < text.length && depth <= jsonLimits.depth; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) isInString = !isInString;
    else if (isInString) at += code === backslash ? 1 : 0;
    else if (code === 0x5b || code === 0x7b) depth += 1;
    else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return depth > jsonLimits.depth;
}
