import type { Disposable } from '../shared/disposable.ts';
import { ExactValues } from './exact.ts';
import { describeError } from './error-text.ts';
import { redactPlaces } from './places.ts';
import { maskShape, redactShapes } from './shapes.ts';

/** The longest text that `redactError` and `sanitizeErrorMessage` give, in characters. Cut after redaction. */
export const longestErrorChars = 8192;

/** Below this length the last four characters would be too much of the secret. */
const shortestShownChars = 12;

/** The way out for every text that a person, a file or another extension gets to see. */
export interface Redactor {
  /** Replaces this very value, wherever and however encoded it stands, until disposed. */
  register(value: string): Disposable;
  /** Exact values, then shapes, then places. Redacting twice changes nothing more. */
  redact(text: string): string;
  /** An error with its stack, causes, errors and headers, as text, redacted. Never throws. */
  redactError(error: unknown): string;
  /** What is registered, for the check of outgoing prompts. */
  readonly registered: ExactValues;
}

export function createRedactor(): Redactor {
  const registered = new ExactValues();
  const redact = (text: string) => redactPlaces(redactShapes(redactExact(text, registered)));
  return {
    registered,
    register: (value) => registered.add(value),
    redact,
    redactError: (error) => cut(redact(describeError(error))),
  };
}

/** Nine stars and the last four characters, whatever the length; under 12 characters nine stars alone. */
export function redactSecret(value: string): string {
  return '*********' + (value.length < shortestShownChars ? '' : value.slice(-4));
}

/**
 * A message that may be shown: without secrets, and not longer than `longestErrorChars`. Without a redactor it
 * knows shapes and places only.
 */
export function sanitizeErrorMessage(
  message: string,
  redactor: Pick<Redactor, 'redact'> = shapesOnly,
): string {
  return cut(redactor.redact(message));
}

const shapesOnly = createRedactor();

function redactExact(text: string, registered: ExactValues): string {
  let clean = '';
  let end = 0;
  for (const { index, length } of registered.find(text)) {
    clean += text.slice(end, index) + maskShape(text.slice(index, index + length));
    end = index + length;
  }
  return end === 0 ? text : clean + text.slice(end);
}

function cut(text: string): string {
  return text.length <= longestErrorChars
    ? text
    : `${text.slice(0, longestErrorChars)}… (${text.length} characters)`;
}
