import assert from 'node:assert/strict';
import { readUsage } from '../../../src/providers/usage.ts';

describe('usage of openai-chat', () => {
  it('counts cached tokens inside the prompt', () => {
    const usage = { prompt_tokens: 10, completion_tokens: 4, prompt_tokens_details: { cached_tokens: 6 } };
    assert.deepEqual(readUsage('openai-chat', { usage }), {
      inputTokens: 10,
      cachedInputTokens: 6,
      outputTokens: 4,
    });
  });

  it('takes a reported 0 for a 0', () => {
    assert.deepEqual(readUsage('openai-chat', { usage: { prompt_tokens: 0, completion_tokens: 0 } }), {
      inputTokens: 0,
      cachedInputTokens: 0,
      outputTokens: 0,
    });
  });

  it('never believes more cached tokens than there are in the prompt', () => {
    const usage = { prompt_tokens: 10, prompt_tokens_details: { cached_tokens: 60 } };
    assert.equal(readUsage('openai-chat', { usage })?.cachedInputTokens, 10);
  });

  for (const [name, answer] of [
    ['no usage', { choices: [] }],
    ['a usage of null', { usage: null }],
    ['tokens that are no number', { usage: { prompt_tokens: '10', completion_tokens: 4 } }],
    ['tokens below 0', { usage: { prompt_tokens: -1, completion_tokens: 4 } }],
    ['something that is no object', 'usage'],
  ] as const) {
    it(`is absent for ${name}`, () => {
      assert.equal(readUsage('openai-chat', answer), undefined);
    });
  }
});
