import type { Disposable } from '../shared/disposable.ts';
import { ExactValues } from './exact.ts';
import { describeError } from './error-text.ts';
import { redactPlaces } from './places.ts';
import { maskShape, redactShapes } from './shapes.ts';

/** The longest text that `redactError` and `sanitizeErrorMessage` return, in characters. Cut after redaction. */
export const longestErrorChars = 8192;

/** For a shorter secret the last four characters would reveal too much of it. */
const shortestShownChars = 12;

/** Every text that a user, a file or another extension sees passes through it. */
export interface Redactor {
  /** Replaces this value, in any place and encoding, until disposed. */
  register(value: string): Disposable;
  /** Blanks exact values, then shapes, then places. Redacting a second time changes nothing. */
  redact(text: string): string;
  /** An error as redacted text, with its stack, causes, errors and headers. Never throws. */
  redactError(error: unknown): string;
  /** The registered values, for the check of outgoing prompts. */
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

/** Nine stars and the last four characters, for any length; under 12 characters only nine stars. */
export function redactSecret(value: string): string {
  return '*********' + (value.length < shortestShownChars ? '' : value.slice(-4));
}

/**
 * A message without secrets that is not longer than `longestErrorChars`. Without a redactor, only shapes and places are
 * blanked.
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
