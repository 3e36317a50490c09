import { isObject, parseJson } from '../../shared/json.ts';
import { statusOfWord, wordOf } from './error-words.ts';

/** What a provider's error says, whatever it is wrapped in. */
export interface ErrorFacts {
  /** The innermost words for users. */
  readonly message: string | undefined;
  /** Every `code`, `type` and `status` that is a word, in the form of `wordOf`. */
  readonly words: ReadonlySet<string>;
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

/** A hostile server could wrap an error in a thousand others. */
const deepest = 5;
const longestWrapped = 64 * 1024;

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
      const inner = value.startsWith('{') && value.length <= longestWrapped ? parseJson(value) : undefined;
      if (inner === undefined) {
        if (value.trim() !== '') texts.push(value);
      } else {
        wrappings += 1;
        read(inner, depth + 1);
      }
      return;
    }
    const layer: unknown = Array.isArray(value) ? value[0] : value;
    if (!isObject(layer) || depth > deepest) return;
    layers.push(layer);
    for (const name of ['message', 'msg', 'status_msg', 'detail']) read(layer[name], depth + 1);
    if (isObject(layer['error']) && depth > 0) wrappings += 1;
    for (const name of ['errors', 'error', 'base_resp', 'response']) read(layer[name], depth + 1);
    const { raw } = isObject(layer['metadata']) ? layer['metadata'] : {};
    if (raw !== undefined) {
      wrappings += 1;
      read(raw, depth + 1);
    }
  };
  read(answer, 0);
  layers.reverse();
  const words = new Set(layers.flatMap((layer) => namesIn(layer).map(wordOf)));
  const delays = layers.map(delayIn).filter((delay) => delay !== undefined);
  return {
    message: texts.at(-1),
    words,
    status: layers.map(statusIn).find((status) => status !== undefined),
    isWrapped: wrappings > 0,
    fields: layers.flatMap(fieldsIn),
    retryAfterMs: delays[0],
  };
}

/** Whether a success is an error all the same: it says so, or it has a message in the place of an answer. */
export function isToldError(answer: unknown, answerMembers: readonly string[]): boolean {
  if (!isObject(answer)) return false;
  if (answer['object'] === 'error') return true;
  if (answerMembers.some((name) => answer[name] !== undefined)) return false;
  const { detail, message } = answer;
  if (typeof detail === 'string' || Array.isArray(detail)) return true;
  return typeof message === 'string' && (statusIn(answer) ?? 0) >= 400;
}

function namesIn({ code, type, status, reason, details }: Layer): string[] {
  const reasons = Array.isArray(details)
    ? details.map((each) => (isObject(each) ? each['reason'] : undefined))
    : [];
  return [code, type, status, reason, ...reasons].filter((name) => typeof name === 'string');
}

/** OpenAI's `param`, and the place that FastAPI servers give. */
function fieldsIn({ param, loc }: Layer): string[] {
  return [param, ...(Array.isArray(loc) ? (loc as unknown[]) : [])].filter(
    (name) => typeof name === 'string',
  );
}

/** A word says more than a number, and a code more than a type. */
function statusIn(layer: Layer): number | undefined {
  const { code, status, statusCode, status_code: snake, type } = layer;
  const found = [code, status, statusCode, snake, type].map((value) =>
    typeof value === 'string' ? (statusOfWord(value) ?? asStatus(Number(value))) : asStatus(value),
  );
  return found.find((each) => each !== undefined);
}

function asStatus(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 400 && value <= 599
    ? value
    : undefined;
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
