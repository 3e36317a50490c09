import assert from 'node:assert/strict';
import { legacyBindingOf } from '../../../../src/providers/config/legacy-binding.ts';
import { parseProviders } from '../../../../src/providers/config/provider-config.ts';

describe('legacyBindingOf', () => {
  const providers = parseProviders({
    openai: { kind: 'openai' },
    proxied: { kind: 'openai', baseUrl: 'https://proxy.example/v1' },
    own: { kind: 'openai-compatible', baseUrl: 'http://10.0.0.7:8080/v1' },
    groq: { kind: 'groq', timeouts: { connect: -1 } },
    sandbox: { kind: 'sandbox' },
  });

  for (const [provider, binding] of [
    ['openai', { origin: 'https://api.openai.com', from: 'catalogue' }],
    ['proxied', { origin: 'https://proxy.example', from: 'custom' }],
    ['own', { origin: 'http://10.0.0.7:8080', from: 'custom' }],
    ['mistral', { origin: 'https://api.mistral.ai', from: 'catalogue' }],
    ['groq', undefined],
    ['sandbox', undefined],
    ['nobody', undefined],
    ['toString', undefined],
  ] as const) {
    it(`returns ${binding === undefined ? 'nothing' : `${binding.origin} (${binding.from})`} for ${provider}`, () => {
      assert.deepEqual(legacyBindingOf(provider, providers), binding);
    });
  }
});
