import assert from 'node:assert/strict';
import { dialects } from '../../../../src/providers/dialects/dialects.ts';

describe('contentBytes', () => {
  const delta = (fields: object) => ({ choices: [{ index: 0, delta: fields }] });
  for (const [dialect, what, json, bytes] of [
    ['openai-chat', 'text', delta({ content: 'Größe' }), 7],
    ['openai-chat', 'reasoning', delta({ reasoning_content: 'hm' }), 2],
    ['openai-chat', 'a refusal', delta({ refusal: 'no' }), 2],
    [
      'openai-chat',
      'tool arguments',
      delta({ tool_calls: [{ index: 0, function: { name: 'f', arguments: '{}' } }] }),
      2,
    ],
    ['openai-chat', 'a role alone', delta({ role: 'assistant', content: '' }), 0],
    ['openai-chat', 'usage', { choices: [], usage: { prompt_tokens: 1 } }, 0],
    [
      'anthropic-messages',
      'text of a block',
      { type: 'content_block_delta', delta: { type: 'text_delta', text: 'abc' } },
      3,
    ],
    [
      'anthropic-messages',
      'the beginning of a tool call',
      { type: 'content_block_start', content_block: { type: 'tool_use', id: 't', name: 'f', input: {} } },
      0,
    ],
    [
      'anthropic-messages',
      'the first event',
      { type: 'message_start', message: { content: [], model: 'claude' } },
      0,
    ],
    ['google-generative', 'text', { candidates: [{ content: { parts: [{ text: 'abc' }] } }] }, 3],
    ['google-generative', 'usage', { usageMetadata: { promptTokenCount: 1 } }, 0],
    ['openai-responses', 'text', { type: 'response.output_text.delta', delta: 'abc' }, 3],
    ['openai-responses', 'the first event', { type: 'response.created', response: { instructions: 'x' } }, 0],
    ['openai-chat', 'data that is not an event', 'text', 0],
    ['anthropic-messages', 'data that is not an event', 'text', 0],
  ] as const) {
    it(`counts ${bytes} bytes for ${what} of ${dialect}`, () => {
      assert.equal(dialects[dialect].contentBytes(json), bytes);
    });
  }

  it('ignores content that is nested too deeply', () => {
    const deep = JSON.parse(`${'['.repeat(50_000)}"x"${']'.repeat(50_000)}`) as unknown;
    assert.equal(dialects['openai-chat'].contentBytes(delta({ content: deep })), 0);
  });
});
