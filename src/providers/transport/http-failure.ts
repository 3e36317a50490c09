import type { IncomingHttpHeaders } from 'node:http';
import * as z from 'zod';
import type { Outcome } from '../../guard/outcome.ts';
import { messageIn, present, type Sanitize } from './provider-message.ts';
import { parseJson } from '../../shared/json.ts';

/** An answer whose status is neither a success nor a redirect. */
export interface FailedAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** As much of the body as was read. */
  readonly body: string;
}

/**
 * No quota is longer than a month. A provider that asks for more is wrong or hostile. It must not block a model for
 * good, or lead to a time that no date can hold.
 */
const longestPauseMs = 31 * 86_400_000;

/** The outcome of an HTTP error, with the provider's own message, sanitized. */
export function httpFailure(answer: FailedAnswer, sanitize: Sanitize, nowMs: number): Outcome {
  const { status, headers, body } = answer;
  const json = parseJson(body);
  const words = messageIn(json) ?? (json === undefined ? plainMessage(headers, body) : undefined);
  const message = present(words, sanitize);
  if (saysOutOfCredit(status, json, words ?? '')) return { kind: 'outOfCredit', status, message };
  const retryAfterMs = readRetryAfter(headers, nowMs) ?? retryDelayIn(json);
  return {
    kind: 'http',
    status: saysKeyRejected(status, json) ? 401 : status,
    message,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs: Math.min(longestPauseMs, retryAfterMs) }),
  };
}

/** A text is a message, but the error page of a proxy is none, nor is JSON that was cut. */
function plainMessage(headers: IncomingHttpHeaders, body: string): string | undefined {
  const isMarkup = /html|xml|json/i.test(headers['content-type'] ?? '') || /^\s*[<{[]/.test(body);
  return isMarkup ? undefined : body;
}

/**
 * How long the provider asks for no requests, in milliseconds, at least 0. From `retry-after-ms` (OpenAI), else from
 * `retry-after` in seconds or as an HTTP date (RFC 9110, 10.2.3). A date is compared with the answer's own `Date`, so
 * that a wrong clock of this machine does not matter.
 */
export function readRetryAfter(headers: IncomingHttpHeaders, nowMs: number): number | undefined {
  const ms = nonNegative(headers['retry-after-ms']);
  if (ms !== undefined) return ms;
  const text = headers['retry-after'];
  const seconds = nonNegative(text);
  if (seconds !== undefined) return seconds * 1_000;
  // Every form of an HTTP date begins with the name of a day. `Date.parse` alone would read '-3' as a year.
  const atMs = /^[A-Za-z]/.test(text ?? '') ? Date.parse(text ?? '') : NaN;
  if (Number.isNaN(atMs)) return undefined;
  const sentMs = Date.parse(headers.date ?? '');
  return Math.max(0, atMs - (Number.isNaN(sentMs) ? nowMs : sentMs));
}

function nonNegative(header: string | string[] | undefined): number | undefined {
  const text = typeof header === 'string' ? header.trim() : '';
  return /^\d{1,12}(\.\d{1,12})?$/.test(text) ? Number(text) : undefined;
}

/** The `code` or `type` of an error from OpenAI, Moonshot and others. */
const creditCodes = new Set([
  'insufficient_quota',
  'billing_hard_limit_reached',
  'insufficient_balance',
  'insufficient_credits',
  'exceeded_current_quota_error',
  'credit_balance_too_low',
]);

/**
 * Anthropic, xAI and DeepSeek say it only in the message. OpenAI's 'You exceeded your current quota' is missing here,
 * because Google sends the same text for a limit by the minute.
 */
const creditWords =
  /credit balance is too low|insufficient (?:account )?(?:balance|credits?|funds)|out of credits?|used all available credits/i;

const codes = z.object({
  error: z.object({ code: z.unknown().optional(), type: z.unknown().optional() }),
});

function saysOutOfCredit(status: number, json: unknown, words: string): boolean {
  // DeepSeek and OpenRouter use 402 (Payment Required) for nothing else.
  if (status === 402) return true;
  if (status !== 429 && status !== 400) return false;
  const parsed = codes.safeParse(json);
  const named = parsed.success ? [parsed.data.error.code, parsed.data.error.type] : [];
  return named.some((name) => typeof name === 'string' && creditCodes.has(name)) || creditWords.test(words);
}

const detailed = z.object({
  error: z.object({
    code: z.unknown().optional(),
    details: z
      .array(z.object({ reason: z.string().optional(), retryDelay: z.string().optional() }))
      .optional(),
  }),
});

/** Google and xAI answer a wrong key with a 400 and say in their own way that it is about the key. */
function saysKeyRejected(status: number, json: unknown): boolean {
  if (status !== 400) return false;
  const { details } = detailed.safeParse(json).data?.error ?? {};
  if (details?.some(({ reason }) => reason === 'API_KEY_INVALID') === true) return true;
  return /^incorrect api key provided/i.test(messageIn(json) ?? '');
}

/** Google's `RetryInfo` in milliseconds. It is a duration such as `34.5s`; Google sends no `retry-after`. */
function retryDelayIn(json: unknown): number | undefined {
  const { details = [] } = detailed.safeParse(json).data?.error ?? {};
  const delay = details.find(({ retryDelay }) => retryDelay !== undefined)?.retryDelay ?? '';
  return /^\d{1,9}(\.\d{1,9})?s$/.test(delay) ? Math.ceil(Number.parseFloat(delay) * 1_000) : undefined;
}
