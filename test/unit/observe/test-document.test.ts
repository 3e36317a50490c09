import assert from 'node:assert/strict';
import { testDocument } from '../../../src/observe/test-document.ts';

const target = { provider: 'acme', model: 'small' };

describe('testDocument', () => {
  it('has the times, the usage and the cost of an answer', () => {
    const usage = {
      requests: 1 as const,
      inputTokens: 12,
      cachedInputTokens: 2,
      outputTokens: 3,
      estimated: false,
    };
    const document = testDocument(
      target,
      {
        kind: 'done',
        target,
        attempts: 2,
        timings: { connectedMs: 12, headersMs: 80, firstContentMs: 95 },
        rateLimits: {},
        usage: { ...usage, costMicroUsd: 45 },
      },
      'It answered.',
    );
    assert.deepEqual(document, {
      ...{ ok: true, provider: 'acme', model: 'small', message: 'It answered.', advice: null, attempts: 2 },
      ...{ connected_ms: 12, headers_ms: 80, first_content_ms: 95 },
      usage: {
        ...{ input_tokens: 12, cached_input_tokens: 2, output_tokens: 3, cost_usd: 0.000045 },
        estimated: false,
      },
    });
  });

  it('has advice for a refusal, and no times', () => {
    const refusal = { kind: 'settings', provider: 'acme', problem: () => 'it is disabled.' } as const;
    const document = testDocument(target, { kind: 'refused', target, attempts: 0, refusal }, 'No.');
    assert.deepEqual(document, {
      ...{ ok: false, provider: 'acme', model: 'small', message: 'No.' },
      ...{ advice: 'Fix its entry in the setting callguard.providers.', attempts: 0 },
      ...{ connected_ms: null, headers_ms: null, first_content_ms: null, usage: null },
    });
  });
});
