import assert from 'node:assert/strict';
import { loadTokenCounter, type TokenCounter } from '../../../../src/providers/prompt-check/token-count.ts';

describe('loadTokenCounter', () => {
  let counter: TokenCounter;

  before(async () => {
    counter = await loadTokenCounter();
  });

  it('counts as the real tokenizer does', () => {
    // Counts from OpenAI's tokenizer page for GPT-4o and later.
    assert.equal(counter.ofText('The quick brown fox jumps over the lazy dog.'), 10);
    assert.equal(counter.ofText(''), 0);
  });

  it('counts a text that spells a control token as text', () => {
    assert.ok(counter.ofText('<|endoftext|>') > 1);
  });

  it('counts 1 MB without a space in linear time', () => {
    const tokens = counter.ofText('a'.repeat(1_000_000));
    assert.ok(tokens >= 125_000 && tokens < 135_000, String(tokens));
  });

  it('adds the tokens of messages, tools and images of a prompt', () => {
    const question = { role: 'user', content: [{ type: 'text', text: 'Hello?' }] } as const;
    const alone = counter.ofPrompt({ prompt: [structuredClone(question) as never] });
    const tool = { type: 'function', name: 'look', inputSchema: { type: 'object' } } as const;
    const withTool = counter.ofPrompt({ prompt: [structuredClone(question) as never], tools: [tool] });
    const image = { type: 'file', mediaType: 'image/png', data: { type: 'data', data: new Uint8Array(9) } };
    const withImage = counter.ofPrompt({ prompt: [{ role: 'user', content: [image as never] }] });
    assert.equal(alone, 4 + counter.ofText('Hello?'));
    assert.ok(withTool > alone + 5);
    assert.ok(withImage > 1_000);
  });
});
