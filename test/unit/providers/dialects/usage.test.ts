import assert from 'node:assert/strict';
import type { WireDialect } from '../../../../src/providers/dialects/dialects.ts';
import { createUsageReader } from '../../../../src/providers/stream/usage-reader.ts';

const readUsage = (dialect: WireDialect, ...answers: unknown[]) => {
  const reader = createUsageReader(dialect);
  for (const answer of answers) reader.read(answer);
  return reader.usage;
};

describe('createUsageReader for openai-chat', () => {
  it('counts cached tokens as part of the prompt', () => {
    const usage = { prompt_tokens: 10, completion_tokens: 4, prompt_tokens_details: { cached_tokens: 6 } };
    assert.deepEqual(readUsage('openai-chat', { usage }), {
      inputTokens: 10,
      cachedInputTokens: 6,
      outputTokens: 4,
    });
  });

  it('reports a reported 0 as 0', () => {
    assert.deepEqual(readUsage('openai-chat', { usage: { prompt_tokens: 0, completion_tokens: 0 } }), {
      inputTokens: 0,
      cachedInputTokens: 0,
      outputTokens: 0,
    });
  });

  it('limits cached tokens to the prompt', () => {
    const usage = { prompt_tokens: 10, prompt_tokens_details: { cached_tokens: 60 } };
    assert.equal(readUsage('openai-chat', { usage })?.cachedInputTokens, 10);
  });

  it('counts cache writes as part of the prompt, limited to the rest of it', () => {
    const details = (cache_write_tokens: number) => ({ cached_tokens: 6, cache_write_tokens });
    const written = (tokens: number) =>
      readUsage('openai-chat', {
        usage: { prompt_tokens: 10, completion_tokens: 4, prompt_tokens_details: details(tokens) },
      })?.cacheWriteTokens;
    assert.deepEqual([written(3), written(0), written(60)], [3, undefined, 4]);
  });

  for (const [where, total_tokens, outputTokens] of [
    ['beside the completion if the total includes it', 399, 387],
    ['inside the completion if the total excludes it', 13, 1],
    ['inside the completion without a total', undefined, 1],
  ] as const) {
    it(`counts reasoning ${where}`, () => {
      const completion_tokens_details = { reasoning_tokens: 386 };
      const usage = { prompt_tokens: 12, completion_tokens: 1, total_tokens, completion_tokens_details };
      assert.equal(readUsage('openai-chat', { usage })?.outputTokens, outputTokens);
    });
  }

  it('ignores a total or details that cannot be read', () => {
    const odd = { total_tokens: 'many', completion_tokens_details: { reasoning_tokens: -1 } };
    assert.equal(
      readUsage('openai-chat', { usage: { prompt_tokens: 12, completion_tokens: 1, ...odd } })?.outputTokens,
      1,
    );
  });

  for (const [name, prompt_tokens] of [
    ['a text', 'ten'],
    ['below 0', -1],
    ['half a token', 1.5],
    ['more than any call has', 1e18],
  ] as const) {
    it(`leaves out a figure that is ${name}, and keeps the others`, () => {
      assert.deepEqual(readUsage('openai-chat', { usage: { prompt_tokens, completion_tokens: 4 } }), {
        cachedInputTokens: 0,
        outputTokens: 4,
      });
    });
  }

  it('reads a figure that is sent as a text', () => {
    const usage = { prompt_tokens: '10', completion_tokens: 4 };
    assert.equal(readUsage('openai-chat', { usage })?.inputTokens, 10);
  });

  for (const [name, answer] of [
    ['no usage', { choices: [] }],
    ['a usage of null', { usage: null }],
    ['no figure that makes sense', { usage: { prompt_tokens: -1, completion_tokens: null } }],
    ['a text', 'usage'],
  ] as const) {
    it(`reports no usage for ${name}`, () => {
      assert.equal(readUsage('openai-chat', answer), undefined);
    });
  }
});

describe('createUsageReader for openai-responses', () => {
  it('counts cached tokens, read and written, as part of the input of the last event', () => {
    const details = { cached_tokens: 6, cache_write_tokens: 1 };
    const usage = { input_tokens: 10, input_tokens_details: details, output_tokens: 4 };
    const events = [
      { type: 'response.created', response: { usage: null } },
      { type: 'response.output_text.delta', delta: 'x' },
      { type: 'response.completed', response: { usage } },
    ];
    assert.deepEqual(readUsage('openai-responses', ...events), {
      inputTokens: 10,
      cachedInputTokens: 6,
      cacheWriteTokens: 1,
      outputTokens: 4,
    });
    assert.equal(readUsage('openai-responses', ...events.slice(0, 2)), undefined);
  });
});

describe('createUsageReader for anthropic-messages', () => {
  const start = (usage: object) => ({ type: 'message_start', message: { usage } });
  const delta = (usage: object) => ({ type: 'message_delta', delta: {}, usage });

  it('counts tokens read from the cache and written to it as input', () => {
    const usage = {
      input_tokens: 3,
      cache_creation_input_tokens: 20,
      cache_read_input_tokens: 100,
      output_tokens: 7,
    };
    assert.deepEqual(readUsage('anthropic-messages', { type: 'message', usage }), {
      inputTokens: 123,
      cachedInputTokens: 100,
      cacheWriteTokens: 20,
      outputTokens: 7,
    });
  });

  it('reports the part of the cache writes that is kept for an hour', () => {
    const cache_creation = { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 30 };
    const usage = { input_tokens: 3, cache_creation_input_tokens: 50, cache_creation };
    const events = [start({ ...usage, output_tokens: 1 }), delta({ output_tokens: 7 })];
    assert.deepEqual(readUsage('anthropic-messages', ...events), {
      inputTokens: 53,
      cachedInputTokens: 0,
      cacheWriteTokens: 50,
      hourCacheWriteTokens: 30,
      outputTokens: 7,
    });
  });

  it('limits hour-long cache writes to all cache writes', () => {
    const usage = { input_tokens: 3, cache_creation: { ephemeral_1h_input_tokens: 30 }, output_tokens: 1 };
    assert.deepEqual(readUsage('anthropic-messages', { usage }), {
      inputTokens: 3,
      cachedInputTokens: 0,
      outputTokens: 1,
    });
  });

  it('ignores an input of 0 or null in a later event', () => {
    const events = [
      start({ input_tokens: 10, cache_read_input_tokens: 5, output_tokens: 1 }),
      delta({ output_tokens: 9 }),
      delta({ input_tokens: 0, cache_read_input_tokens: null, output_tokens: 40 }),
    ];
    assert.deepEqual(readUsage('anthropic-messages', ...events), {
      inputTokens: 15,
      cachedInputTokens: 5,
      outputTokens: 40,
    });
  });

  it('reports no usage for events without usage', () => {
    assert.equal(
      readUsage('anthropic-messages', { type: 'ping' }, { type: 'content_block_stop' }),
      undefined,
    );
  });
});

describe('createUsageReader for google-generative', () => {
  it('counts thoughts as output and cached tokens as part of the prompt', () => {
    const usageMetadata = {
      promptTokenCount: 50,
      toolUsePromptTokenCount: 4,
      cachedContentTokenCount: 30,
      candidatesTokenCount: 6,
      thoughtsTokenCount: 90,
    };
    assert.deepEqual(readUsage('google-generative', { usageMetadata }), {
      inputTokens: 54,
      cachedInputTokens: 30,
      outputTokens: 96,
    });
  });

  it('keeps the largest of the figures that every chunk repeats', () => {
    const chunk = (candidatesTokenCount?: number) => ({
      usageMetadata: { promptTokenCount: 5, candidatesTokenCount },
    });
    assert.equal(readUsage('google-generative', chunk(), chunk(3), chunk(8))?.outputTokens, 8);
  });
});
