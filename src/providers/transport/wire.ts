import type { IncomingMessage } from 'node:http';
import type { Progress } from '../../guard/deadlines.ts';
import type { Outcome } from '../../guard/outcome.ts';
import { handedOn, type AttemptReport, type RateLimits } from '../../guard/sender-port.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Wording } from '../../shared/l10n.ts';
import { answerLimits } from '../../shared/limits.ts';
import type { Access } from './provider-access.ts';
import { readBody, type AnswerBody } from '../stream/answer-body.ts';
import { readText, sourceOf } from '../stream/body-source.ts';
import { watchFor } from '../stream/answer-form.ts';
import { notApi, type AnswerWatch, type WatchOptions } from '../stream/answer-watch.ts';
import { connectionFailure } from './connection-failure.ts';
import { codeOf } from './error-code.ts';
import type { OnlineCheck } from './machine-online.ts';
import { openExchange, type Exchange } from './http-exchange.ts';
import { httpFailure } from './http-failure.ts';
import { present, type Sanitize } from './provider-message.ts';
import { rateLimitsOf } from './rate-limit-headers.ts';
import { requestIdOf } from './request-id.ts';
import { SlowName } from './slow-name.ts';
import { webStreamOf } from '../stream/web-stream.ts';
import { requestOf, secretsOf } from './wire-request.ts';

export interface WireOptions extends WatchOptions {
  readonly access: Access;
  /** See `Attempt`. */
  readonly idempotent: boolean;
  /**
   * Ends the exchange at once and closes its socket. The outcome is 'aborted', or 'offline' if a name lookup still waits
   * for a resolver that does not answer. A signal passed to `fetch` is ignored.
   */
  readonly signal: AbortSignal;
  /** Called with `connected` and `headers` once each, in this order, then with `bytes` for each chunk. */
  readonly progress: (reached: Progress) => void;
  readonly isOnline: OnlineCheck;
  readonly clock: Clock;
  /** The server asked for a longer pause than any is kept. */
  readonly onLongPause?: (askedMs: number) => void;
}

/** The beginning of a successful answer. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The provider's headers that a client of the gateway gets, too. */
  readonly handedOn: Readonly<Record<string, string>>;
  readonly body: AnswerBody;
}

/** One HTTP exchange. The only place that takes a provider's key out of its `Secret`. */
export interface Wire {
  /**
   * Sends one request. Resolves only for a 2xx, whose body ends without an error even if the answer was broken. Rejects
   * otherwise, with an error that has no details. `ended()` has them.
   */
  send(input: string | URL | Request, init?: RequestInit): Promise<WireAnswer>;
  /** The same as a `fetch`. */
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** Whether a request was made. */
  readonly used: boolean;
  /** Ends the exchange with this outcome. Has no effect if it has ended already. */
  stop(outcome: Outcome): void;
  /**
   * How the exchange ended, with all that was known by then, whatever the outcome. Never resolves if it was neither
   * begun nor stopped, and rejects only for a bug.
   */
  ended(): Promise<AttemptReport>;
}

/** Has no details. `Wire.ended()` has them. */
class WireError extends Error {
  override readonly name = 'WireError';
}

/** A `fetch` over `node:http` and `node:https` for one attempt, which also reports what it saw. */
export function createWire(options: WireOptions): Wire {
  const { signal, clock } = options;
  const { promise: ended, resolve: end, reject: fail } = Promise.withResolvers<AttemptReport>();
  let used = false;
  let settled = false;
  let exchange: Exchange | undefined;
  let slowName: SlowName | undefined;
  let status: number | undefined;
  let watch: AnswerWatch | undefined;
  let rateLimits: RateLimits | undefined;
  let headerId: string | undefined;
  /** Rejects what waits for the exchange. */
  let interrupt: (error: Error) => void = () => undefined;

  let connected = false;
  const progress = (reached: Progress) => {
    if (settled || (reached === 'connected' && connected)) return;
    connected = true;
    options.progress(reached);
  };
  const sanitize: Sanitize = (text) => {
    const clean = secretsOf(options.access).reduce((rest, secret) => rest.replaceAll(secret, '[key]'), text);
    return options.sanitize(clean);
  };
  const settle = (ending: AttemptReport['outcome']) => {
    if (settled) return;
    settled = true;
    slowName?.dispose();
    signal.removeEventListener('abort', abort);
    const outcome = identified(ending, headerId);
    const requestId = headerId ?? ('message' in outcome ? outcome.requestId : undefined);
    // An error in a success has the status that it stands for.
    const isTold =
      status !== undefined && status < 300 && (outcome.kind === 'http' || outcome.kind === 'outOfCredit');
    end({
      outcome,
      ...(status === undefined ? {} : { status: isTold ? outcome.status : status }),
      ...(watch?.usage === undefined ? {} : { usage: watch.usage }),
      ...(rateLimits === undefined ? {} : { rateLimits }),
      ...(requestId === undefined ? {} : { requestId }),
      // The parts of a translated prompt's answer say it, too.
      ...(options.passThrough === undefined || watch?.finish === undefined ? {} : { finish: watch.finish }),
    });
  };
  const stop = (outcome: AttemptReport['outcome']) => {
    if (settled) return;
    settle(outcome);
    exchange?.destroy();
    interrupt(
      outcome.kind === 'aborted' ? new DOMException('aborted', 'AbortError') : new WireError(outcome.kind),
    );
  };
  const abort = () => {
    stop(slowName?.trouble ?? { kind: 'aborted' });
  };
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });

  const begin = async (input: string | URL | Request, init?: RequestInit): Promise<WireAnswer> => {
    const made = requestOf(input, init, options.access);
    if (!made.ok) throw new Ended(made.error);
    const request = made.value;
    exchange = openExchange(
      request,
      options.idempotent,
      () => {
        progress('connected');
      },
      () => {
        progress('sent');
      },
    );
    slowName = new SlowName(exchange, request.url.hostname, options.isOnline, clock);
    let response: IncomingMessage;
    try {
      response = await exchange.response;
    } catch (error) {
      throw new Ended(await connectionFailure(error, request.url.hostname, options.isOnline, sanitize));
    }
    status = response.statusCode ?? 0;
    rateLimits = rateLimitsOf(response.headers, sanitize);
    headerId = requestIdOf(response.headers, sanitize);
    // An answer means a connection, whatever the agent reported.
    progress('connected');
    progress('headers');
    if (status >= 300 && status < 400) throw new Ended(redirect(status, response, request.url, sanitize));
    const source = sourceOf(response);
    if (source === undefined)
      throw new Ended(malformed((l10n) => l10n.t('its content-encoding is not supported')));
    if (status < 200 || status >= 400) {
      const inTime = clock.after(answerLimits.errorMs, () => source.bytes.destroy());
      const body = await readText(source, answerLimits.errorBytes, () => {
        progress('bytes');
      });
      inTime.dispose();
      const { onLongPause } = options;
      const answer = { status, headers: response.headers, body };
      throw new Ended(httpFailure(answer, sanitize, clock.nowMs(), onLongPause));
    }
    const found =
      status === 204 || status === 205 ? notApi : watchFor(typeOf(response), { ...options, sanitize });
    if ('kind' in found) throw new Ended(found);
    watch = found;
    const body = readBody(source, watch, {
      bytes: () => {
        progress('bytes');
      },
      over: (outcome) => {
        if (outcome.kind === 'complete') linger(response);
        else exchange?.destroy();
        settle(outcome);
      },
      failed: (error) => {
        exchange?.destroy();
        fail(error);
      },
      cancelled: abort,
    });
    interrupt = (error) => {
      body.fail(error);
    };
    const ids = headerId === undefined ? {} : { requestId: headerId };
    const passed = handedOn({ ...ids, ...(rateLimits === undefined ? {} : { rateLimits }) });
    return { status, headers: contentType(response), handedOn: passed, body };
  };

  const linger = (response: IncomingMessage) => {
    if (response.readableEnded) return;
    const timer = clock.after(answerLimits.lingerMs, () => exchange?.destroy());
    const ended = () => {
      timer.dispose();
    };
    response.once('end', ended);
    response.once('close', ended);
  };

  const send: Wire['send'] = (input, init) =>
    new Promise((resolve, reject) => {
      if (used) throw new TypeError('a wire carries one exchange');
      used = true;
      interrupt = reject;
      if (settled) throw new DOMException('aborted', 'AbortError');
      begin(input, init).then(resolve, (error: unknown) => {
        const outcome = error instanceof Ended ? error.outcome : unwritten(codeOf(error));
        stop(outcome);
        reject(new WireError(outcome.kind));
      });
    });

  return {
    get used() {
      return used;
    },
    send,
    fetch: async (input, init) => {
      const { body, ...head } = await send(input, init);
      return new Response(webStreamOf(body), head);
    },
    stop,
    ended: () => ended,
  };
}

/** The ID in a header is that of the provider. One in the body may be that of a server behind it. */
function identified(
  outcome: AttemptReport['outcome'],
  requestId: string | undefined,
): AttemptReport['outcome'] {
  return requestId !== undefined && 'message' in outcome ? { ...outcome, requestId } : outcome;
}

/** Thrown to leave `begin` early, with the outcome of the exchange. */
class Ended extends Error {
  readonly outcome: AttemptReport['outcome'];

  constructor(outcome: AttemptReport['outcome']) {
    super(outcome.kind);
    this.outcome = outcome;
  }
}

export function malformed(problem: Wording): Outcome {
  return { kind: 'malformed', problem };
}

function unwritten(code = 'unknown'): Outcome {
  return { kind: 'unsendable', problem: (l10n) => l10n.t('it is not a valid HTTP request ({0})', code) };
}

/** Shows only the origin, because a path may contain anything. */
function redirect(status: number, response: IncomingMessage, from: URL, sanitize: Sanitize): Outcome {
  const to = response.headers.location;
  const origin = to === undefined ? undefined : URL.parse(to, from.href)?.origin;
  const problem: Wording = (l10n) =>
    origin === undefined
      ? l10n.t('the provider redirects to an unknown address')
      : l10n.t('the provider redirects to {0}', present(origin, sanitize));
  return { kind: 'redirect', status, problem };
}

/** Other headers, such as lengths and codings, describe the body as it was sent, not as it is passed on. */
function contentType(response: IncomingMessage): Record<string, string> {
  const type = typeOf(response);
  return type === undefined ? {} : { 'content-type': type };
}

function typeOf(response: IncomingMessage): string | undefined {
  return response.headers['content-type'];
}
