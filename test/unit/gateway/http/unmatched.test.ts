import assert from 'node:assert/strict';
import fc from 'fast-check';
import { errorEvent, errorJson } from '../../../../src/gateway/http/gateway-error.ts';
import { toolStatuses } from '../../../../src/gateway/tool-statuses.ts';

const { repeatsOn } = toolStatuses.opencode;
const error = (message: string, requestId = 'req_1') => ({
  ...{ status: 402, code: 'provider_rate_limit', message, repeatsOn },
  provider: { code: 'rate_limit_error', requestId },
});
const messageOf = (json: string) => (JSON.parse(json) as { error: { message: string } }).error.message;
const isFound = (text: string) => new RegExp(repeatsOn.source, 'i').test(text);

/** Words of Callguard's own, of providers, and what opencode 1.18.33 looks for. */
const sentences = [
  'This call would exceed the cap of 0 requests a day for acme: 0 used. Try again in 46 min.',
  'acme is rate limiting m (HTTP 429). Try again in 12 s.',
  'acme/m: HTTP 503: The server is overloaded. Please try again later.',
  'acme/m: the connection failed: connection refused (ECONNREFUSED)',
  "acme/m: no response within 120 s (timeout 'headers'); request timed out",
  'Rate limit reached for gpt-4290 in organization org-50042: Limit 30000, Used 29500, Requested 1500.',
  'RESOURCE_EXHAUSTED: Too many requests; internal server error, server_error, service-unavailable',
];

describe('an error for a tool that repeats a request because of words', () => {
  for (const sentence of sentences) {
    it(`has none of them and looks the same: ${sentence}`, () => {
      for (const protocol of ['openai', 'responses', 'anthropic'] as const) {
        const json = errorJson(error(sentence, 'req_50429500'), protocol);
        assert.ok(!isFound(json), json);
        assert.ok(!isFound(messageOf(json)), messageOf(json));
        assert.equal(messageOf(json).replaceAll('\u2060', ''), sentence);
      }
    });
  }

  it('keeps its codes and its request ID', () => {
    const { error: said } = JSON.parse(errorJson(error('x', 'req_5029'), 'openai')) as { error: object };
    assert.deepEqual(said, {
      ...{ message: 'x', type: 'api_error', param: null, code: 'provider_rate_limit' },
      ...{ provider_code: 'rate_limit_error', request_id: 'req_5029' },
    });
  });

  it('has none of them in a stream', () => {
    for (const protocol of ['openai', 'anthropic', 'responses'] as const)
      assert.ok(!isFound(errorEvent(error('HTTP 429'), protocol)), protocol);
  });

  it('is JSON and looks the same, whatever the text', () => {
    const parts = fc.constantFrom(
      '429',
      '50',
      '0',
      '42',
      '9',
      'try again ',
      '"',
      '\\',
      '\n',
      'rate_limit',
      '\\u0',
      'ü',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(parts, fc.string())), (texts) => {
        const message = texts.join('').replaceAll('\u2060', '');
        const json = errorJson(error(message), 'openai');
        assert.ok(!isFound(messageOf(json)));
        assert.equal(messageOf(json).replaceAll('\u2060', ''), message);
      }),
    );
  });

  it('stays as it is for other tools', () => {
    const { repeatsOn: _, ...other } = error('HTTP 429');
    assert.equal(messageOf(errorJson(other, 'openai')), 'HTTP 429');
  });
});
