import type { IncomingHttpHeaders } from 'node:http';
import { answerLimits } from '../../shared/limits.ts';

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** `20s`, `1m30s`, `1.5h`, `20 seconds`, `2 min`. */
const duration =
  /^(?:\d{1,9}(?:\.\d{1,9})?\s?(?:ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?)\s?){1,5}$/i;
const piece = /(\d{1,9}(?:\.\d{1,9})?)\s?(ms|milli|[smhd])/gi;

/** A larger number of seconds is a time since 1970: this is 2001, and as a duration it would be 31 years. */
const earliestEpochSeconds = 1e9;

/**
 * How long the provider asks for no requests, in milliseconds, at least 0. From `retry-after-ms` (OpenAI; Azure has an older name), else from
 * `retry-after` in seconds or as an HTTP date (RFC 9110, 10.2.3), and as some servers send it: as seconds or
 * milliseconds since 1970, or with units. A time is compared with the answer's own `Date`, so that a wrong clock of this
 * machine does not matter.
 */
export function readRetryAfter(headers: IncomingHttpHeaders, nowMs: number): number | undefined {
  const ms = nonNegative(headers['retry-after-ms'] ?? headers['x-ms-retry-after-ms']);
  if (ms !== undefined) return ms;
  const text = headers['retry-after']?.trim() ?? '';
  const sentMs = Date.parse(headers.date ?? '');
  const until = (atMs: number) => Math.max(0, atMs - (Number.isNaN(sentMs) ? nowMs : sentMs));
  const seconds = nonNegative(text);
  if (seconds !== undefined) {
    if (seconds < earliestEpochSeconds) return seconds * 1_000;
    return until(seconds < earliestEpochSeconds * 1_000 ? seconds * 1_000 : seconds);
  }
  if (duration.test(text)) return durationMs(text);
  // Every form of an HTTP date begins with the name of a day. `Date.parse` alone would read '-3' as a year.
  const atMs = /^[A-Za-z]/.test(text) ? Date.parse(text) : NaN;
  // `2026-11-05T12:00:30Z`.
  const isoMs = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : atMs;
  return Number.isNaN(isoMs) ? undefined : until(isoMs);
}

/** In the message alone: Azure, OpenAI, Groq. */
const inWords =
  /\b(?:retry|try again|wait)(?: after| in| for)? ((?:\d{1,9}(?:\.\d{1,9})?\s?(?:ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?)\s?){1,5})\b/i;

/** How long a message about too many requests asks to wait, in milliseconds. */
export function readRetryWords(message = ''): number | undefined {
  const found = inWords.exec(message.slice(0, answerLimits.wrappedErrorChars))?.[1];
  return found === undefined ? undefined : durationMs(found);
}

function durationMs(text: string): number {
  return [...text.matchAll(piece)].reduce((sum, [, amount, unit = '']) => {
    const name = unit.toLowerCase() === 'milli' ? 'ms' : unit.toLowerCase();
    return sum + Number(amount) * (unitMs[name] ?? 0);
  }, 0);
}

function nonNegative(header: string | string[] | undefined): number | undefined {
  const text = typeof header === 'string' ? header.trim() : '';
  return /^\d{1,15}(\.\d{1,12})?$/.test(text) ? Number(text) : undefined;
}

const insteadMs = 3_600_000;

/** The pause to keep, at most an hour where a server asks for more than a day. */
export function cappedPauseMs(askedMs: number): number {
  return askedMs > answerLimits.pauseMs ? insteadMs : askedMs;
}
