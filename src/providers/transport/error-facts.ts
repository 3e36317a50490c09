import { isObject, parseJson } from '../../shared/json.ts';
import { answerLimits } from '../../shared/limits.ts';
import { hasError } from './provider-message.ts';
import { statusOfMiniMax, statusOfName, wordOf } from './error-words.ts';

/** What a provider's error says, whatever it is wrapped in. */
export interface ErrorFacts {
  /** The innermost words for users. */
  readonly message: string | undefined;
  /** Every `code`, `type`, `status` and `reason`, the innermost first. */
  readonly names: readonly string[];
  /** The innermost code, a name or a number of the provider's own, and the innermost type. Not sanitized. */
  readonly code: string | undefined;
  readonly type: string | undefined;
  /** The ID of the request. Not sanitized. */
  readonly requestId: string | undefined;
  /** The HTTP status that the innermost of them stands for; undefined if none is known. */
  readonly status: number | undefined;
  /** The error is that of another server, which a gateway wrapped in one of its own. */
  readonly isWrapped: boolean;
  /** The names of fields of the request that it is about. */
  readonly fields: readonly string[];
  /** How long to wait, if the body says so, in milliseconds. */
  readonly retryAfterMs: number | undefined;
}

type Layer = Readonly<Record<string, unknown>>;

/**
 * Reads an error from the outside in: `error`, the first of `errors` or of a list, `response` as in OpenAI's
 * `response.failed`, `metadata.raw` as OpenRouter sends it, and a message that is JSON itself.
 */
export function readError(answer: unknown): ErrorFacts {
  const layers: Layer[] = [];
  const texts: string[] = [];
  let wrappings = 0;
  const read = (value: unknown, depth: number): void => {
    if (typeof value === 'string') {
      const inner =
        value.startsWith('{') && value.length <= answerLimits.wrappedErrorChars
          ? parseJson(value)
          : undefined;
      if (inner === undefined) {
        if (value.trim() !== '') texts.push(value);
      } else {
        wrappings += 1;
        read(inner, depth + 1);
      }
      return;
    }
    const layer: unknown = Array.isArray(value) ? value[0] : value;
    if (!isObject(layer) || depth > answerLimits.errorDepth) return;
    const known = withUsualNames(layer);
    layers.push(known);
    for (const name of ['message', 'status_msg', 'detail']) read(known[name], depth + 1);
    for (const inner of errorsOfChoices(layer)) read(inner, depth + 1);
    if (isObject(layer['error']) && depth > 0) wrappings += 1;
    for (const name of ['errors', 'error', 'base_resp', 'response']) read(layer[name], depth + 1);
    const { raw } = isObject(layer['metadata']) ? layer['metadata'] : {};
    if (raw !== undefined) {
      wrappings += 1;
      read(raw, depth + 1);
    }
  };
  read(answer, 0);
  // The provider's own ID is outside, and that of a server behind it is inside.
  const requestId = first(layers, requestIdIn) ?? requestIdInText(texts) ?? asText(layers[0]?.['id']);
  layers.reverse();
  return {
    message: texts.at(-1),
    names: layers.flatMap(namesIn),
    code: first(layers, codeIn),
    type: first(layers, typeIn),
    requestId,
    status: first(layers, statusIn),
    isWrapped: wrappings > 0,
    fields: layers.flatMap(fieldsIn),
    retryAfterMs: first(layers, delayIn),
  };
}

/** Whether a success is an error all the same: it says so, or it has a message in the place of an answer. */
export function isToldError(answer: unknown, answerMembers: readonly string[]): boolean {
  // Google's in a list.
  const [first] = Array.isArray(answer) ? (answer as unknown[]) : [];
  if (isObject(first)) return hasError(first) || isToldError(first, answerMembers);
  if (!isObject(answer)) return false;
  if (answer['object'] === 'error' || isCloudflareError(answer)) return true;
  if (answerMembers.some((name) => isPresent(answer[name]))) return false;
  if (statusOfBase(answer) !== undefined) return true;
  const known = withUsualNames(answer);
  const { detail, message, code } = known;
  if (typeof detail === 'string' || Array.isArray(detail) || isObject(detail)) return true;
  if (typeof message !== 'string') return false;
  return (statusIn(known) ?? 0) >= 400 || isFailure(code) || (known !== answer && isFailure(known['type']));
}

/** Cloudflare's envelope. */
function isCloudflareError({ success, errors }: Layer): boolean {
  return success === false && Array.isArray(errors) && errors.length > 0;
}

/** Some servers send an answer without anything in it beside an error. */
function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}

const successes: ReadonlySet<unknown> = new Set(['0', '200', 'ok', 'success']);

/** Whether a code of any server's own says that something failed. Some send one of success with every event. */
function isFailure(code: unknown): boolean {
  if (typeof code === 'number') return code !== 0 && code !== 200;
  return typeof code === 'string' && code !== '' && !successes.has(code.toLowerCase());
}

/** Names that servers have for the members of an error: Baidu's, vLLM's behind gateways, Hugging Face's, AWS's. */
const usualNames: Readonly<Record<string, readonly string[]>> = {
  message: ['msg', 'error_message', 'error_msg', 'err_msg', 'errorMessage', 'errorMsg', 'Message'],
  code: ['error_code', 'err_code', 'errorCode', 'Code'],
  type: ['error_type', 'err_type', 'errorType', '__type'],
};

function withUsualNames(layer: Layer): Layer {
  const added: [string, unknown][] = [];
  for (const [usual, others] of Object.entries(usualNames)) {
    const other = isPresent(layer[usual]) ? undefined : others.find((each) => isPresent(layer[each]));
    // AWS writes the name of a service before it, as in `com.amazon.coral.service#ThrottlingException`.
    const value = other === undefined ? undefined : layer[other];
    if (other !== undefined)
      added.push([usual, typeof value === 'string' ? value.replace(/^[\w.]+#/, '') : value]);
  }
  return added.length === 0 ? layer : { ...layer, ...Object.fromEntries(added) };
}

/** OpenRouter puts the error of a model's vendor into the choice, and SGLang into the reason for the end. */
function errorsOfChoices({ choices }: Layer): unknown[] {
  if (!Array.isArray(choices)) return [];
  return choices
    .filter(isObject)
    .flatMap(({ error, finish_reason: reason }) => [error, isObject(reason) ? reason : undefined])
    .filter((each) => each !== undefined);
}

function first<T>(layers: readonly Layer[], read: (layer: Layer) => T | undefined): T | undefined {
  for (const layer of layers) {
    const found = read(layer);
    if (found !== undefined) return found;
  }
  return undefined;
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function namesIn(layer: Layer): string[] {
  const { code, type, status, reason } = layer;
  return [typeof code === 'number' ? String(code) : code, type, status, reason, ...reasonsIn(layer)].filter(
    (name) => typeof name === 'string',
  );
}

/** Google's `ErrorInfo`. */
function reasonsIn({ details }: Layer): unknown[] {
  return Array.isArray(details) ? details.map((each) => (isObject(each) ? each['reason'] : undefined)) : [];
}

function codeIn(layer: Layer): string | undefined {
  const { code, reason, status_code: snake } = layer;
  return [code, ...reasonsIn(layer), reason, snake].map(asName).find((name) => name !== undefined);
}

/** Google's status, as in `INVALID_ARGUMENT`. Others have one of an answer there, such as `failed`. */
const statusName = /^[A-Z][A-Z_]+$/;

/** Anthropic's `type: 'error'` says nothing. */
function typeIn({ type, status }: Layer): string | undefined {
  const name = asName(type);
  // One with a point is that of an event, as `response.failed`.
  if (name !== undefined && wordOf(name) !== 'error' && !name.includes('.')) return name;
  return typeof status === 'string' && statusName.test(status) ? asName(status) : undefined;
}

const name = /^[a-z\d][\w.:-]{0,63}$/i;

/** A name, or a number that is no HTTP status. A sentence is none. */
function asName(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : (asText(value) ?? '');
  return !name.test(text) || text === '0' || /^[1-5]\d\d$/.test(text) ? undefined : text;
}

const idMembers = ['request_id', 'requestId', 'requestid', 'RequestId', 'trace_id', 'traceId'];

function requestIdIn(layer: Layer): string | undefined {
  const { x_groq: groq } = layer;
  const found = idMembers.map((name) => asText(layer[name])).find((id) => id !== undefined);
  return found ?? (isObject(groq) ? asText(groq['id']) : undefined);
}

/** OpenAI asks users to include it in a message to support. Other servers put it in brackets. */
const idInText = /\brequest[ _-]?id:?[ '"]{1,3}([\w-]{8,128})/i;

function requestIdInText(texts: readonly string[]): string | undefined {
  return texts
    .map((text) => idInText.exec(text.slice(0, answerLimits.wrappedErrorChars))?.[1])
    .find((id) => id !== undefined);
}

/** OpenAI's `param`, and the place that FastAPI servers give. */
function fieldsIn(layer: Layer): string[] {
  const listed = [layer['detail'], layer['errors']].flatMap((list) =>
    Array.isArray(list) ? list.slice(0, answerLimits.errorFields).filter(isObject) : [],
  );
  return [layer, ...listed].flatMap(({ param, loc }) =>
    [param, ...(Array.isArray(loc) ? (loc as unknown[]) : [])].filter((name) => typeof name === 'string'),
  );
}

/** They say less than any other: DeepSeek sends `invalid_request_error` as the code of a wrong key. */
const vagueWords: ReadonlySet<string> = new Set(['invalidrequest', 'badrequest', 'api', 'server']);

/** A word says more than a number, and a code more than a type, but a vague word says least. */
function statusIn(layer: Layer): number | undefined {
  const { code, status, statusCode, status_code: snake, type } = layer;
  const values = [code, status, ...reasonsIn(layer), statusCode, snake, type];
  const names = values
    .filter((value) => typeof value === 'string' || typeof value === 'number')
    .map((value) => String(value));
  const isVague = (name: string) => vagueWords.has(wordOf(name));
  const found = [
    ...names.filter((name) => !isVague(name)).map(statusOfName),
    statusOfMiniMax(snake),
    ...names.map((name) => asStatus(Number(name))),
    ...names.filter(isVague).map(statusOfName),
  ];
  return found.find((status) => status !== undefined);
}

/** MiniMax reports every error in a success, as a number in `base_resp`. There 0 is no error. */
function statusOfBase({ base_resp: base }: Layer): number | undefined {
  return isObject(base) && base['status_code'] !== 0 ? (statusIn(base) ?? 500) : undefined;
}

function asStatus(value: number): number | undefined {
  return Number.isInteger(value) && value >= 400 && value <= 599 ? value : undefined;
}

/** Google's `RetryInfo` is a duration such as `34.5s`. Others send a number of seconds. */
function delayIn({ details, retry_after: seconds, retry_after_ms: ms }: Layer): number | undefined {
  if (typeof ms === 'number' && ms >= 0) return ms;
  if (typeof seconds === 'number' && seconds >= 0) return seconds * 1_000;
  if (!Array.isArray(details)) return undefined;
  const delays = details.map((each) => (isObject(each) ? each['retryDelay'] : undefined));
  const delay = delays.find((each) => typeof each === 'string') ?? '';
  return /^\d{1,9}(\.\d{1,9})?s$/.test(delay) ? Math.ceil(Number.parseFloat(delay) * 1_000) : undefined;
}
