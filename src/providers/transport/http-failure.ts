import type { IncomingHttpHeaders } from 'node:http';
import type { Outcome, ProviderError } from '../../guard/outcome.ts';
import { parseJson } from '../../shared/json.ts';
import { readError, type ErrorFacts } from './error-facts.ts';
import { hasNameFor, isCreditName, wordOf } from './error-words.ts';
import { present, type Sanitize } from './provider-message.ts';
import { refusedFields } from './refused-fields.ts';
import { asRequestId } from './request-id.ts';
import { cappedPauseMs, readRetryAfter, readRetryWords } from './retry-after.ts';

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
  const asked = readRetryAfter(headers, nowMs) ?? delayOf(status, facts);
  const pauseMs = asked === undefined ? undefined : cappedPauseMs(asked);
  if (asked !== undefined && pauseMs !== asked) onLongPause(asked);
  // A gateway's own status says less than that of the error which it passes on.
  const inner = facts.isWrapped ? facts.status : undefined;
  const named = facts.code ?? typeInHeader(headers);
  return failureOf(
    meantStatus(inner ?? status, facts),
    { ...facts, code: named, retryAfterMs: pauseMs },
    sanitize,
  );
}

/** Amazon Bedrock names an error in a header alone, as in `ThrottlingException:http://…`. */
function typeInHeader(headers: IncomingHttpHeaders): string | undefined {
  const type = headers['x-amzn-errortype'] ?? headers['x-ms-error-code'];
  return typeof type === 'string' ? /^\w{1,64}/.exec(type)?.[0] : undefined;
}

/** LM Studio and others name no code for a prompt that is too long. It must not count against the provider. */
const tooLongMessage =
  /^(?:trying to keep the first \d+ tokens|this model's maximum context|(?:the )?request (?:\(\d+ tokens\) )?exceeds the available context|the (?:prompt|input) (?:is too long|exceeds)|prompt is too long|context (?:size|length) (?:has been )?exceeded|the number of tokens to keep)/i;

/** NVIDIA answers 400 while a model is down. The request is right. */
const downMessage = /^function id '[^']{1,100}': degraded function cannot be invoked/i;

/** The status that an error has by its words, where they say more than its own. */
function meantStatus<T extends number | undefined>(status: T, { message = '' }: ErrorFacts): T | 400 | 503 {
  if ((status === undefined || status === 500) && tooLongMessage.test(message)) return 400;
  return status === 400 && downMessage.test(message) ? 503 : status;
}

function delayOf(status: number | undefined, { retryAfterMs, message }: ErrorFacts): number | undefined {
  return retryAfterMs ?? (status === 429 ? readRetryWords(message) : undefined);
}

/** The outcome of an error in a success: like the HTTP status that it stands for. An unknown one is like a 500. */
export function toldFailure(json: unknown, sanitize: Sanitize): Outcome {
  const facts = readError(json);
  const status = meantStatus(facts.status, facts);
  const retryAfterMs = delayOf(status, facts);
  if (status === undefined || (status >= 500 && !isOutOfCredit(status, facts)))
    return { kind: 'errorEvent', ...errorOf(facts, sanitize), ...(status === undefined ? {} : { status }) };
  const pauseMs = retryAfterMs === undefined ? undefined : cappedPauseMs(retryAfterMs);
  return failureOf(status, { ...facts, retryAfterMs: pauseMs }, sanitize);
}

function failureOf(status: number, facts: ErrorFacts, sanitize: Sanitize): Outcome {
  const error = errorOf(facts, sanitize);
  if (isOutOfCredit(status, facts)) return { kind: 'outOfCredit', ...error, status };
  const refused = refusedFields(status, facts);
  return {
    kind: 'http',
    ...error,
    status: status === 400 && isAboutKey(facts) ? 401 : status,
    ...(refused.length > 0 ? { refusedFields: refused } : {}),
    ...(status === 403 && isAboutPermission(facts) ? { keyRejected: true } : {}),
  };
}

/** The provider's words without secrets. A code, type or ID with a secret in it is dropped: a part of it says nothing. */
function errorOf(
  { message, code, type, requestId, retryAfterMs }: ErrorFacts,
  sanitize: Sanitize,
): ProviderError {
  const clean = (name: string | undefined) =>
    name !== undefined && sanitize(name) === name ? name : undefined;
  const found = {
    code: clean(code),
    type: clean(type),
    requestId: asRequestId(requestId, sanitize),
    retryAfterMs,
  };
  const known = Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
  return { message: present(message, sanitize), ...known };
}

/** A text is a message, but the error page of a proxy is none, nor is JSON that was cut. */
function plainMessage(headers: IncomingHttpHeaders, body: string): string | undefined {
  const isMarkup = /html|xml|json/i.test(headers['content-type'] ?? '') || /^\s*[<{[]/.test(body);
  return isMarkup ? undefined : body;
}

/**
 * Anthropic, xAI, DeepSeek and Zhipu say it only in the message. OpenAI's 'You exceeded your current quota' is missing here,
 * because Google sends the same text for a limit by the minute.
 */
const creditMessage =
  /credit balance is too low|insufficient (?:account )?(?:balance|credits?|funds)|out of credits?|used all available credits|余额不足|欠费/i;
/**
 * Messages of other statuses, which may quote the prompt elsewhere, from their first word on: Anthropic's 400, xAI's and
 * SiliconFlow's 403, Fireworks' 412, and MiniMax's 500.
 */
const creditMessageOf: Readonly<Record<number, RegExp>> = {
  400: /^your credit balance is too low\b/i,
  403: /^(?:your (?:newly created )?team\b[^.]{0,100}\b(?:credits|spending limit)|you have run out of credits|the selected model requires paid balance|sorry, your account balance is insufficient)\b/i,
  412: /^account\b.{0,100}\bis suspended\b.{0,60}\bspending limit\b/i,
  500: /^insufficient balance \(1008\)/i,
};
/** OpenRouter, when the credit is enough for a shorter answer. */
const smallerMessage = /fewer max_tokens|can only afford/i;
const affordable = /can only afford (-?[\d,]+)/i;

/** Words count in the message of a 402 or a 429. That of a 400 may quote the prompt. */
function isOutOfCredit(status: number, { names, message = '' }: ErrorFacts): boolean {
  // DeepSeek and OpenRouter use 402 (Payment Required) for nothing else.
  if (status === 402) return !wouldSmallerDo(message);
  if (creditMessageOf[status]?.test(message) === true) return true;
  if (status !== 429 && status !== 400 && status !== 403) return false;
  return names.some(isCreditName) || (status === 429 && creditMessage.test(message));
}

function wouldSmallerDo(message: string): boolean {
  if (!smallerMessage.test(message)) return false;
  const tokens = affordable.exec(message)?.[1]?.replaceAll(',', '');
  return tokens === undefined || Number(tokens) > 0;
}

/** Google and xAI answer a wrong key with a 400 and say in their own way that it is about the key. */
function isAboutKey({ names, message = '' }: ErrorFacts): boolean {
  return hasNameFor(names, 401) || /^incorrect api key provided/i.test(message);
}

const keyMessage =
  /\bapi[ _-]?keys?\b|\baccess[ _-](?:key|token)|\bkeys?\b|credential|permission|authori[sz]|authenticat/i;
const otherMessage = /moderat|flagged|countr|region|territor|location|content (?:policy|filter)|safety/i;

/** A 403 may also be about the words of the prompt, or about the country. */
function isAboutPermission({ names, message = '' }: ErrorFacts): boolean {
  if (otherMessage.test(message) || names.some((name) => wordOf(name).startsWith('unsupportedcountry')))
    return false;
  const isNamed = hasNameFor(names, 401) || names.some((name) => /^permission/.test(wordOf(name)));
  return isNamed || keyMessage.test(message);
}
