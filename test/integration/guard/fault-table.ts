import type { DeadlineName, Timeouts } from '../../../src/guard/deadlines.ts';
import type { Outcome } from '../../../src/guard/outcome.ts';
import * as upstreams from '../../support/fault-upstream.ts';
import type { Place } from './faulty-world.ts';

const { answer, breakOff, chatEvents, drip, goodAnswer, hangUp, reply, resetAtOnce, silence, stall } =
  upstreams;
const partly = goodAnswer.slice(0, 2);
const error = { error: { message: 'no' } };

/** One line of the table 'What counts as a failure of the provider', with a fault that leads to it. */
export interface Fault {
  readonly name: string;
  readonly behaviour: upstreams.Behaviour;
  readonly place?: Place;
  readonly isOnline?: boolean;
  readonly timeouts?: Partial<Timeouts>;
  readonly ends: Outcome['kind'];
  readonly timer?: DeadlineName;
  readonly retry: boolean;
  readonly breaker: 'success' | 'failure' | 'neutral';
  readonly also?: 'rest' | 'outOfCredit' | 'keyRejected';
  /** Whether an attempt that ends so is charged by estimate: the provider may have worked on it. */
  readonly guessed: boolean;
  /** A wait that the provider asked for, which the next attempt must not begin before. */
  readonly waitsMs?: number;
}

type Line = Pick<Fault, 'retry' | 'breaker'>;
const failure: Line = { retry: true, breaker: 'failure' };
const failureForGood: Line = { retry: false, breaker: 'failure' };
const neutral: Line = { retry: false, breaker: 'neutral' };
const neutralRetry: Line = { retry: true, breaker: 'neutral' };

const unanswered = { ends: 'connection', guessed: false, ...failure } as const;
const http = { ends: 'http', guessed: false } as const;

const nameless = { place: 'no name' } as const;

const connections: readonly Fault[] = [
  { name: 'connection refused', behaviour: silence, place: 'nowhere', ...unanswered },
  { name: 'connection reset', behaviour: resetAtOnce, ...unanswered },
  { name: 'connection half-closed', behaviour: hangUp, ...unanswered },
  { name: 'TLS that is not trusted', behaviour: silence, place: 'untrusted TLS', ...unanswered },
  { name: 'a name that does not resolve', behaviour: silence, ...nameless, ...unanswered },
  {
    name: 'no network at all',
    behaviour: silence,
    ...nameless,
    isOnline: false,
    ends: 'offline',
    guessed: false,
    ...neutral,
  },
  {
    name: 'a resolver that never answers, as there is no network',
    behaviour: silence,
    place: 'silent resolver',
    isOnline: false,
    // Longer than it takes until the machine is asked whether it has a network.
    timeouts: { connectMs: 2_000 },
    ends: 'offline',
    guessed: false,
    ...neutral,
  },
  {
    name: 'a resolver that never answers for this name alone',
    behaviour: silence,
    place: 'silent resolver',
    timeouts: { connectMs: 300 },
    ends: 'timeout',
    timer: 'connect',
    guessed: false,
    ...failure,
  },
];

function timedOut(
  timer: DeadlineName,
  timeouts: Partial<Timeouts>,
  behaviour: upstreams.Behaviour,
  name: string,
  line = failure,
): Fault {
  return { name, behaviour, timeouts, timer, ends: 'timeout', guessed: true, ...line };
}

const timeouts: readonly Fault[] = [
  {
    ...timedOut('connect', { connectMs: 300 }, silence, 'a connection that never stands'),
    place: 'mute TLS',
    guessed: false,
  },
  timedOut('headers', { headersMs: 300 }, silence, 'silence instead of headers'),
  timedOut('firstContent', { firstContentMs: 400, readMs: 100 }, stall(), 'silence after the headers'),
  timedOut(
    'firstContent',
    { firstContentMs: 400 },
    drip([chatEvents.ping.repeat(99)], 2, 20),
    'nothing but pings',
  ),
  timedOut('read', { readMs: 300 }, stall(partly), 'silence after content', failureForGood),
  timedOut('call', { callMs: 400 }, silence, "the call's own deadline", neutral),
];

const answers: readonly Fault[] = [
  {
    name: 'a slow answer',
    behaviour: drip(goodAnswer, 60, 10),
    ends: 'complete',
    retry: false,
    breaker: 'success',
    guessed: false,
  },
  ...(
    [
      ['a stream cut before its first content', breakOff([chatEvents.role]), 'cut', failure],
      ['a stream cut after content', breakOff(partly), 'cut', failureForGood],
      ['a stream closed early after content', breakOff(partly, 'close'), 'cut', failureForGood],
      ['a stream without its end marker', answer([chatEvents.role]), 'cut', failure],
      ['an error event inside a 200', answer([chatEvents.error({ message: 'no' })]), 'errorEvent', failure],
      [
        'an error event after content',
        answer([...partly, chatEvents.error('no')]),
        'errorEvent',
        failureForGood,
      ],
      ['an error object inside a 200', reply(200, error), 'errorEvent', failure],
    ] as const
  ).map(([name, behaviour, ends, line]): Fault => ({ name, behaviour, ends, guessed: true, ...line })),
  {
    name: 'a redirect',
    behaviour: reply(307, '', { location: '/v2' }),
    ends: 'redirect',
    guessed: false,
    ...neutral,
  },
];

const statuses: readonly Fault[] = [
  ...(
    [
      [[408, 500, 502, 503, 504, 529], failure],
      [[501], failureForGood],
      [[409, 429], neutralRetry],
      [[400, 403, 404, 413, 418, 422], neutral],
    ] as const
  ).flatMap(([group, line]) =>
    group.map((status): Fault => ({
      name: `a ${status}`,
      behaviour: reply(status, error),
      ...http,
      ...line,
    })),
  ),
  {
    name: 'a 401',
    behaviour: reply(401, error),
    ...http,
    ...neutral,
    also: 'keyRejected',
  },
  {
    name: 'a 403 that is about the key',
    behaviour: reply(403, { error: { message: 'no', type: 'permission_error' } }),
    ...http,
    ...neutral,
    also: 'keyRejected',
  },
  ...(
    [
      [402, error],
      [429, { error: { message: 'no', code: 'insufficient_quota' } }],
      [400, { error: { message: 'Your credit balance is too low' } }],
    ] as const
  ).map(([status, body]): Fault => ({
    name: `a ${status} that says credit is used up`,
    behaviour: reply(status, body),
    ends: 'outOfCredit',
    guessed: false,
    ...neutral,
    also: 'outOfCredit',
  })),
];

const secondsFromNow = (seconds: number) => new Date(Date.now() + seconds * 1_000).toUTCString();

const retryAfters: readonly Fault[] = (
  [
    ['retry-after-ms', () => ({ 'retry-after-ms': '300' }), 300],
    ['retry-after in seconds', () => ({ 'retry-after': '1' }), 1_000],
    ['retry-after as a date', () => ({ 'retry-after': secondsFromNow(2) }), 1_000],
  ] as const
).map(([form, headers, waitsMs]): Fault => ({
  name: `a 429 with ${form}`,
  behaviour: (exchange) => reply(429, error, headers())(exchange),
  ...http,
  ...neutralRetry,
  also: 'rest',
  waitsMs,
}));

export const faults: readonly Fault[] = [
  ...connections,
  ...timeouts,
  ...answers,
  ...statuses,
  ...retryAfters,
  {
    name: 'a 503 with retry-after',
    behaviour: reply(503, error, { 'retry-after-ms': '300' }),
    ...http,
    ...failure,
    waitsMs: 300,
  },
  {
    name: 'a 429 whose retry-after does not fit the deadline',
    behaviour: reply(429, error, { 'retry-after': '3600' }),
    ...http,
    ...neutral,
    also: 'rest',
  },
];
