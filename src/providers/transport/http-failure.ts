import type { IncomingHttpHeaders } from 'node:http';
import type { Outcome } from '../../guard/outcome.ts';
import { parseJson } from '../../shared/json.ts';
import { readError, type ErrorFacts } from './error-facts.ts';
import { hasCreditWord, hasWordFor } from './error-words.ts';
import { present, type Sanitize } from './provider-message.ts';
import { cappedPauseMs, readRetryAfter } from './retry-after.ts';

/** An answer whose status is neither a success nor a redirect. */
export interface FailedAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** As much of the body as was read. */
  readonly body: string;
}

/** The outcome of an HTTP error, with the provider's own message, sanitized. */
export function httpFailure(
  { status, headers, body }: FailedAnswer,
  sanitize: Sanitize,
  nowMs: number,
  onLongPause: (askedMs: number) => void = () => undefined,
): Outcome {
  const json = parseJson(body);
  const read = readError(json);
  const facts = json === undefined ? { ...read, message: plainMessage(headers, body) } : read;
  const asked = readRetryAfter(headers, nowMs) ?? facts.retryAfterMs;
  const pauseMs = asked === undefined ? undefined : cappedPauseMs(asked);
  if (asked !== undefined && pauseMs !== asked) onLongPause(asked);
  // A gateway's own status says less than that of the error which it passes on.
  const inner = facts.isWrapped ? facts.status : undefined;
  return failureOf(inner ?? status, { ...facts, retryAfterMs: pauseMs }, sanitize);
}

/** The outcome of an error in a success: like the HTTP status that it stands for. An unknown one is like a 500. */
export function toldFailure(json: unknown, sanitize: Sanitize): Outcome {
  const facts = readError(json);
  const { status, retryAfterMs } = facts;
  if (status === undefined || status >= 500)
    return { kind: 'errorEvent', message: present(facts.message, sanitize) };
  const pauseMs = retryAfterMs === undefined ? undefined : cappedPauseMs(retryAfterMs);
  return failureOf(status, { ...facts, retryAfterMs: pauseMs }, sanitize);
}

function failureOf(status: number, facts: ErrorFacts, sanitize: Sanitize): Outcome {
  const message = present(facts.message, sanitize);
  if (isOutOfCredit(status, facts)) return { kind: 'outOfCredit', status, message };
  const { retryAfterMs } = facts;
  return {
    kind: 'http',
    status: status === 400 && isAboutKey(facts) ? 401 : status,
    message,
    ...(isAboutUsageOption(status, facts) ? { refusedOwnField: true } : {}),
    ...(status === 403 && isAboutPermission(facts) ? { keyRejected: true } : {}),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** A text is a message, but the error page of a proxy is none, nor is JSON that was cut. */
function plainMessage(headers: IncomingHttpHeaders, body: string): string | undefined {
  const isMarkup = /html|xml|json/i.test(headers['content-type'] ?? '') || /^\s*[<{[]/.test(body);
  return isMarkup ? undefined : body;
}

/**
 * Anthropic, xAI and DeepSeek say it only in the message. OpenAI's 'You exceeded your current quota' is missing here,
 * because Google sends the same text for a limit by the minute.
 */
const creditMessage =
  /credit balance is too low|insufficient (?:account )?(?:balance|credits?|funds)|out of credits?|used all available credits/i;
/** Anthropic says it with a 400, whose message may quote the prompt elsewhere. */
const anthropicMessage = /^your credit balance is too low\b/i;
/** OpenRouter, when the credit is enough for a shorter answer. */
const smallerMessage = /fewer max_tokens|can only afford/i;
const affordable = /can only afford (-?[\d,]+)/i;

/** Words count in the message of a 402 or a 429. That of a 400 may quote the prompt. */
function isOutOfCredit(status: number, { words, message = '' }: ErrorFacts): boolean {
  // DeepSeek and OpenRouter use 402 (Payment Required) for nothing else.
  if (status === 402) return !wouldSmallerDo(message);
  if (status !== 429 && status !== 400 && status !== 403) return false;
  if (hasCreditWord(words)) return true;
  return status === 429 ? creditMessage.test(message) : status === 400 && anthropicMessage.test(message);
}

function wouldSmallerDo(message: string): boolean {
  if (!smallerMessage.test(message)) return false;
  const tokens = affordable.exec(message)?.[1]?.replaceAll(',', '');
  return tokens === undefined || Number(tokens) > 0;
}

/** Google and xAI answer a wrong key with a 400 and say in their own way that it is about the key. */
function isAboutKey({ words, message = '' }: ErrorFacts): boolean {
  return hasWordFor(words, 401) || /^incorrect api key provided/i.test(message);
}

/** The field with which Callguard asks for usage, and which some servers do not know. */
function isAboutUsageOption(status: number, { fields, message = '' }: ErrorFacts): boolean {
  if (status !== 400 && status !== 422) return false;
  const about = /\b(?:stream_options|include_usage)\b/;
  return fields.some((name) => about.test(name)) || about.test(message);
}

const keyMessage =
  /\bapi[ _-]?keys?\b|\baccess[ _-](?:key|token)|\bkeys?\b|credential|permission|authori[sz]|authenticat/i;
const otherMessage = /moderat|flagged|countr|region|territor|location|content (?:policy|filter)|safety/i;

/** A 403 may also be about the words of the prompt, or about the country. */
function isAboutPermission({ words, message = '' }: ErrorFacts): boolean {
  if (otherMessage.test(message) || words.has('unsupportedcountryregionterritory')) return false;
  const isNamed = hasWordFor(words, 401) || words.has('permissionerror') || words.has('permissiondenied');
  return isNamed || words.has('permissiondeniederror') || keyMessage.test(message);
}
