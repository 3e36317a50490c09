import assert from 'node:assert/strict';
import { judge, type Consequence, type Judgement, type Outcome } from '../../../src/guard/outcome.ts';
import { sectionOf, tableRowsIn } from '../../support/markdown.ts';

const message = 'said so';
const problem = () => 'went wrong';
const http = (...statuses: number[]): Outcome[] =>
  statuses.map((status) => ({ kind: 'http', status, message }));

/** The table of ARCHITECTURE.md, row by row, in the terms of the code. */
const table: [row: string, outcomes: Outcome[], judged: Judgement][] = [
  [
    '2xx, complete',
    [{ kind: 'complete' }, { kind: 'complete', only: 'reasoning', finish: 'length' }],
    { retry: false, breakerVerdict: 'success', nextTarget: false },
  ],
  [
    '2xx, complete, with nothing in it',
    [{ kind: 'complete', only: 'nothing' }],
    { retry: false, breakerVerdict: 'answered', nextTarget: true },
  ],
  [
    'the same, ended by a content filter',
    [{ kind: 'complete', only: 'nothing', finish: 'content-filter' }],
    { retry: false, breakerVerdict: 'answered', nextTarget: false },
  ],
  [
    'connection refused, reset, TLS, a name that does not resolve',
    [{ kind: 'connection', problem }],
    { retry: true, breakerVerdict: 'failure', nextTarget: true },
  ],
  [
    'no network at all',
    [{ kind: 'offline', problem }],
    { retry: false, breakerVerdict: 'none', nextTarget: true, consequence: { kind: 'offline' } },
  ],
  [
    'connect, headers, first content or read timeout',
    (['connect', 'headers', 'firstContent', 'read'] as const).map((timer) => ({ kind: 'timeout', timer })),
    { retry: true, breakerVerdict: 'failure', nextTarget: true },
  ],
  [
    'the deadline of the whole call',
    [{ kind: 'timeout', timer: 'call' }],
    { retry: false, breakerVerdict: 'none', nextTarget: false },
  ],
  [
    '408, 500, 502, 503, 504, 529',
    http(408, 500, 502, 503, 504, 529),
    { retry: true, breakerVerdict: 'failure', nextTarget: true },
  ],
  ['another 5xx', http(501, 505, 520), { retry: false, breakerVerdict: 'failure', nextTarget: true }],
  ['409', http(409), { retry: true, breakerVerdict: 'answered', nextTarget: true }],
  [
    '429',
    [{ kind: 'http', status: 429, message, retryAfterMs: 5_000 }],
    {
      retry: true,
      breakerVerdict: 'answered',
      nextTarget: true,
      consequence: { kind: 'rateLimitPause', forMs: 5_000 },
    },
  ],
  [
    '429, 400 or 402 that says that credit or quota is used up',
    [429, 400, 402].map((status) => ({ kind: 'outOfCredit', status, message })),
    { retry: false, breakerVerdict: 'answered', nextTarget: true, consequence: { kind: 'outOfCredit' } },
  ],
  [
    '401, a 403 that is about the key',
    [...http(401), { kind: 'http', status: 403, message, keyRejected: true }],
    { retry: false, breakerVerdict: 'answered', nextTarget: false, consequence: { kind: 'keyRejected' } },
  ],
  [
    '400, 402, 403, 404, 413, 422, another 4xx',
    http(400, 402, 403, 404, 413, 422, 418, 451),
    { retry: false, breakerVerdict: 'answered', nextTarget: false },
  ],
  [
    'a redirect',
    [{ kind: 'redirect', status: 302, problem }],
    { retry: false, breakerVerdict: 'answered', nextTarget: false },
  ],
  [
    'a stream without its end, an error of unknown kind in a 200, an unreadable answer',
    [
      { kind: 'cut', problem },
      { kind: 'errorEvent', message },
      { kind: 'malformed', problem },
    ],
    { retry: true, breakerVerdict: 'failure', nextTarget: true },
  ],
  [
    'a request that cannot be made at all',
    [{ kind: 'unsendable', problem }],
    { retry: false, breakerVerdict: 'none', nextTarget: true },
  ],
  [
    'a model that declines to answer',
    [{ kind: 'declined', message }],
    { retry: false, breakerVerdict: 'answered', nextTarget: true },
  ],
  [
    'the user or the client goes away',
    [{ kind: 'aborted' }],
    { retry: false, breakerVerdict: 'none', nextTarget: false },
  ],
];

const consequences: Readonly<Record<Consequence['kind'], string>> = {
  offline: 'offline',
  rateLimitPause: 'rate-limit pause',
  outOfCredit: 'out of credit',
  keyRejected: 'key rejected',
};

/** A row as ARCHITECTURE.md writes it, which calls two verdicts neutral. */
function asWritten(row: string, { retry, breakerVerdict, nextTarget, consequence }: Judgement): string[] {
  const yes = (holds: boolean) => (holds ? 'yes' : 'no');
  const breaker = breakerVerdict === 'success' || breakerVerdict === 'failure' ? breakerVerdict : 'neutral';
  const also = consequence === undefined ? '' : consequences[consequence.kind];
  return [row, yes(retry), breaker, yes(nextTarget), also];
}

describe('judge', () => {
  it('follows the table of ARCHITECTURE.md', () => {
    const written = tableRowsIn(sectionOf('ARCHITECTURE.md', 'What counts as a failure'));
    assert.deepEqual(
      table.map(([row, , judged]) => asWritten(row, judged)),
      written,
    );
  });

  for (const [row, outcomes, judged] of table) {
    const retry = judged.retry ? 'a retry' : 'no retry';
    it(`gives ${retry} and the breaker verdict '${judged.breakerVerdict}' for: ${row}`, () => {
      for (const outcome of outcomes) assert.deepEqual(judge(outcome), judged, JSON.stringify(outcome));
    });
  }

  it('repeats a request whose field of our own was refused, on the same target', () => {
    const refused = { kind: 'http', status: 422, message, refusedOwnField: true } as const;
    assert.deepEqual(judge(refused), { retry: true, breakerVerdict: 'answered', nextTarget: false });
  });

  it('gives no rate-limit pause for a 429 that names no time', () => {
    const busy = { retry: true, breakerVerdict: 'answered', nextTarget: true };
    for (const outcome of http(429)) assert.deepEqual(judge(outcome), busy);
  });
});
