import assert from 'node:assert/strict';
import { rateLimitsOf } from '../../../../src/providers/transport/rate-limit-headers.ts';

/** Headers as providers send them, with made-up values; `true` for those that a client gets. */
const headers: readonly (readonly [name: string, value: string, isHandedOn: boolean])[] = [
  ['x-ratelimit-limit-requests', '500', true],
  ['x-ratelimit-remaining-tokens', '29900', true],
  ['x-ratelimit-reset-tokens', '1m30.5s', true],
  ['x-ratelimit-remaining-tokens-minute', '48600', true],
  ['x-ratelimit-over-limit', 'no', true],
  ['x-ratelimit-timeremaining', '12', true],
  ['ratelimitbysize-remaining', '499', true],
  ['x-ratelimitbysize-limit-minute', '500000', true],
  ['ratelimit', '"default";r=50;t=30', true],
  ['ratelimit-policy', '"burst";q=100;w=60', true],
  ['anthropic-ratelimit-requests-reset', '2026-11-30T12:00:00Z', true],
  ['anthropic-ratelimit-unified-5h-utilization', '0.42', true],
  ['anthropic-ratelimit-unified-representative-claim', 'five_hour', true],
  ['anthropic-priority-input-tokens-remaining', '9000', true],
  ['x-tokenlimit-remaining', '17000', true],
  ['x-trial-endpoint-call-remaining', '39', true],
  ['azure-openai-deployment-utilization', '87.5%', true],
  ['x-ratelimit-key', '42', false],
  ['x-ratelimit-user', 'alice', false],
  ['x-ratelimit-scope-organization', 'acme', false],
  ['x-ratelimit-remaining-requests-of', 'alice@acme.example', false],
  ['x-ratelimit-used', 'sk-hunter2', false],
  ['openai-organization', 'acme', false],
  ['openai-project', 'proj_1', false],
  ['anthropic-organization-id', '7f', false],
  ['msh-uid', '7', false],
  ['x-litellm-key-spend', '0.2', false],
  ['openai-processing-ms', '412', false],
  ['x-groq-region', 'dls', false],
  ['azureml-model-session', 'd1', false],
  ['x-ms-region', 'Sweden Central', false],
  ['apim-request-id', 'a', false],
  ['cf-ray', '9a-ZRH', false],
  ['request-id', 'req_1', false],
  ['retry-after', '3', false],
  ['retry-after-ms', '3000', false],
  ['set-cookie', '__cf_bm=1', false],
];

describe('rateLimitsOf', () => {
  const sanitize = (text: string) => text.replaceAll('hunter2', '***');

  for (const [name, value, isHandedOn] of headers)
    it(`${isHandedOn ? 'hands on' : 'keeps'} ${name}: ${value}`, () => {
      assert.deepEqual(rateLimitsOf({ [name]: value }, sanitize), isHandedOn ? { [name]: value } : undefined);
    });
});
