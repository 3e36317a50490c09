import { isObject } from '../../shared/json.ts';
import { answerLimits, redactionLimits } from '../../shared/limits.ts';

/** Removes secrets from a text that comes from outside. */
export type Sanitize = (text: string) => string;

/** Whether a success is an error: it has an `error` that says something. */
export function hasError(answer: unknown): boolean {
  return isObject(answer) && answer['error'] !== undefined && !isEmptyError(answer['error']);
}

/** Some servers send `error: null`, `false`, `""` or `{}` with every event. */
export function isEmptyError(error: unknown, depth = 0): boolean {
  if (typeof error === 'string') return error.trim() === '';
  if (typeof error !== 'object' || error === null) return error === null || error === false || error === 0;
  return (
    depth <= answerLimits.emptyErrorDepth &&
    Object.values(error).every((value) => isEmptyError(value, depth + 1))
  );
}

/** A text from outside on one line, without secrets, cut to 500 characters. Empty if nothing is left. */
export function present(text: string | undefined, sanitize: Sanitize): string {
  const { readChars, edgeChars } = redactionLimits;
  const all = text ?? '';
  const isLong = all.length > readChars;
  // A text may be of any length, and to look for secrets takes time. What a cut leaves of one at the edge goes again.
  const clean = sanitize(isLong ? all.slice(0, readChars + edgeChars) : all);
  const line = (isLong ? clean.slice(0, Math.max(0, clean.length - edgeChars)) : clean)
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  const { messageChars } = answerLimits;
  return line.length > messageChars ? `${line.slice(0, messageChars - 1)}…` : line;
}
