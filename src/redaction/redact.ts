import type { Disposable } from '../shared/disposable.ts';
import { redactionLimits } from '../shared/limits/redaction-limits.ts';
import { describeError } from './error-text.ts';
import { KnownSecrets } from './known-secrets.ts';
import { maskFinds } from './mask.ts';
import { findsIn } from './scan.ts';

/** The longest text that `redactError` and `sanitizeErrorMessage` return, in characters. Cut after redaction. */
export const longestErrorChars = redactionLimits.shownChars;

/** For a shorter secret the last four characters would reveal too much of it. */
const shortestShownChars = 12;

/** Every text that a user, a file or another extension sees passes through it. */
export interface Redactor {
  /** Replaces this value, in any place and encoding, until disposed. */
  register(value: string): Disposable;
  /** Blanks registered values, shapes and places. Redacting a second time changes nothing. */
  redact(text: string): string;
  /** An error as redacted text, with its stack, causes, errors and headers. Never throws. */
  redactError(error: unknown): string;
  /** The registered values, for the check of outgoing prompts. */
  readonly registered: KnownSecrets;
}

export function createRedactor(): Redactor {
  const registered = new KnownSecrets();
  const redact = (text: string) => maskFinds(text, findsIn(text, registered, 'loose'));
  return {
    registered,
    register: (value) => registered.add(value),
    redact,
    redactError: (error) => sanitizeErrorMessage(describeError(error), { redact }),
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
  const { readChars, edgeChars } = redactionLimits;
  const isLong = message.length > readChars;
  // Cut first, because it may be of any length. What a key at the edge leaves behind is cut off again.
  const clean = redactor.redact(isLong ? message.slice(0, readChars + edgeChars) : message);
  const shown = isLong ? clean.slice(0, Math.max(0, clean.length - edgeChars)) : clean;
  if (!isLong && shown.length <= longestErrorChars) return shown;
  return `${shown.slice(0, longestErrorChars)}… (${message.length} characters)`;
}

const shapesOnly = createRedactor();
