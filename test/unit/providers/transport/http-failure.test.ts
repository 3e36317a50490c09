import assert from 'node:assert/strict';
import { httpFailure } from '../../../../src/providers/transport/http-failure.ts';
import { readRetryAfter } from '../../../../src/providers/transport/retry-after.ts';

const nowMs = Date.parse('2026-11-05T12:00:00Z');
const same = (text: string) => text;

function fail(status: number, body: unknown, headers: Record<string, string> = {}, sanitize = same) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return httpFailure({ status, headers, body: text }, sanitize, nowMs);
}

describe('httpFailure', () => {
  for (const [name, body, message] of [
    ['error.message', { error: { message: 'no such model' } }, 'no such model'],
    ['error as text', { error: 'no such model' }, 'no such model'],
    ['message', { message: 'no such model' }, 'no such model'],
    ['detail', { detail: 'no such model' }, 'no such model'],
    ['an error within an error', { error: { error: { message: 'no such model' } } }, 'no such model'],
    ['plain text, on one line', 'no such\r\n\tmodel\u0007', 'no such model'],
    ['nothing', '', ''],
  ] as const) {
    it(`reads the message of the provider from ${name}`, () => {
      assert.deepEqual(fail(404, body), { kind: 'http', status: 404, message });
    });
  }

  it('does not use the HTML page of a proxy as a message', () => {
    const outcome = fail(502, '<html>Bad Gateway</html>', { 'content-type': 'text/html' });
    assert.deepEqual(outcome, { kind: 'http', status: 502, message: '' });
  });

  it('sanitizes a message before it cuts it, so that no part of a secret remains', () => {
    const body = `${'x'.repeat(490)}sk-0123456789abcdef0123456789abcdef`;
    const outcome = fail(500, body, {}, (text) => text.replace(/sk-[0-9a-f]{32}/, 'sk-***'));
    assert.ok('message' in outcome);
    assert.ok(outcome.message.endsWith('sk-***'), outcome.message);
  });

  it('cuts a long message', () => {
    const outcome = fail(500, 'x'.repeat(5_000));
    assert.ok('message' in outcome);
    assert.equal(outcome.message.length, 500);
  });

  it('reads an error whose members cannot become a text or a number', () => {
    const odd = { constructor: null, toString: 1, valueOf: 1 };
    for (const error of [{ details: [{ reason: odd }] }, { code: odd, status: odd, type: odd, message: odd }])
      assert.equal(fail(400, { error }).kind, 'http');
  });

  it('reads an error that is wrapped a thousand times', () => {
    const body = `${'{"error":'.repeat(5_000)}1${'}'.repeat(5_000)}`;
    assert.equal(fail(400, body).kind, 'http');
  });
});

describe('httpFailure: Retry-After', () => {
  for (const [name, headers, expected] of [
    ['milliseconds', { 'retry-after-ms': '1500' }, 1_500],
    ['seconds', { 'retry-after': '20' }, 20_000],
    ['broken seconds', { 'retry-after': '0.5' }, 500],
    ['0', { 'retry-after': '0' }, 0],
    ['milliseconds over seconds', { 'retry-after-ms': '70', 'retry-after': '20' }, 70],
    ['a date', { 'retry-after': 'Thu, 05 Nov 2026 12:00:30 GMT' }, 30_000],
    ['a date that has passed', { 'retry-after': 'Thu, 05 Nov 2026 11:00:00 GMT' }, 0],
    [
      'a date by the clock of the server',
      { 'retry-after': 'Thu, 05 Nov 2026 14:00:30 GMT', date: 'Thu, 05 Nov 2026 14:00:00 GMT' },
      30_000,
    ],
    ['a duration with a unit', { 'retry-after': '20s' }, 20_000],
    ['a duration with a word', { 'retry-after': '2 minutes' }, 120_000],
    ['a duration in milliseconds', { 'retry-after': '1500ms' }, 1_500],
    ['a duration with several units', { 'retry-after': '1h2m3.5s' }, 3_723_500],
    ['seconds since 1970', { 'retry-after': String(nowMs / 1_000 + 30) }, 30_000],
    ['milliseconds since 1970', { 'retry-after': String(nowMs + 30_000) }, 30_000],
    ['seconds since 1970 that have passed', { 'retry-after': String(nowMs / 1_000 - 30) }, 0],
    ['a date of ISO 8601', { 'retry-after': '2026-11-05T12:00:30Z' }, 30_000],
    ['nothing', {}, undefined],
    ['words', { 'retry-after': 'soon' }, undefined],
    ['a number below 0', { 'retry-after': '-3' }, undefined],
    ['too many digits for a number', { 'retry-after': '9'.repeat(400) }, undefined],
  ] as const) {
    it(`reads ${name}`, () => {
      assert.equal(readRetryAfter(headers, nowMs), expected);
    });
  }

  it('returns it with the failure', () => {
    assert.deepEqual(fail(429, { error: { message: 'slow down' } }, { 'retry-after': '7' }), {
      kind: 'http',
      status: 429,
      message: 'slow down',
      retryAfterMs: 7_000,
    });
  });
});

describe('httpFailure: very long Retry-After', () => {
  const farAway = 'Fri Sep 12 275760 00:00:00 GMT';
  for (const [name, headers] of [
    ['in seconds', { 'retry-after': '9'.repeat(12) }],
    ['as a date', { 'retry-after': farAway }],
    ['as a date by a wrong clock', { 'retry-after': farAway, date: '-100000-01-01T00:00:00Z' }],
  ] as const) {
    it(`keeps a pause of an hour instead, and reports it: ${name}`, () => {
      const asked: number[] = [];
      const outcome = httpFailure({ status: 429, headers, body: '' }, same, nowMs, (ms) => asked.push(ms));
      assert.equal(outcome.kind === 'http' && outcome.retryAfterMs, 3_600_000);
      assert.ok(asked.length === 1 && Number(asked[0]) > 86_400_000, String(asked));
    });
  }
});

describe('httpFailure: out of credit', () => {
  for (const [name, status, body] of [
    ['OpenAI', 429, { error: { message: 'You exceeded your current quota', code: 'insufficient_quota' } }],
    ['OpenAI', 400, { error: { message: 'Billing hard limit', code: 'billing_hard_limit_reached' } }],
    ['DeepSeek', 402, { error: { message: 'Insufficient Balance', type: 'unknown_error' } }],
    ['OpenRouter', 402, { error: { message: 'Requires more credits', code: 402 } }],
    ['Anthropic', 400, { error: { message: 'Your credit balance is too low to access the API.' } }],
    ['xAI', 429, { error: 'Your team has either used all available credits or reached its limit.' }],
    ['an empty 402', 402, ''],
  ] as const) {
    it(`recognizes ${name} with ${status}`, () => {
      assert.equal(fail(status, body).kind, 'outOfCredit');
    });
  }

  for (const [name, status, body] of [
    ['a rate limit', 429, { error: { message: 'Rate limit reached', code: 'rate_limit_exceeded' } }],
    [
      'the limit per minute of Google',
      429,
      { error: { message: 'You exceeded your current quota', code: 429 } },
    ],
    ['a bad request', 400, { error: { message: 'max_tokens is too large', type: 'invalid_request_error' } }],
    ['a server error', 500, { error: { message: 'insufficient balance' } }],
  ] as const) {
    it(`does not recognize ${name}`, () => {
      assert.equal(fail(status, body).kind, 'http');
    });
  }
});
