import assert from 'node:assert/strict';
import type { WireDialect } from '../../../../src/providers/dialects/dialects.ts';
import { createUsageReader } from '../../../../src/providers/stream/usage-reader.ts';

const readUsage = (dialect: WireDialect, ...answers: unknown[]) => {
  const reader = createUsageReader(dialect);
  for (const answer of answers) reader.read(answer);
  return reader.usage;
};

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

  it('counts what is written to the cache inside the prompt, and never more than the rest of it', () => {
    const details = (cache_write_tokens: number) => ({ cached_tokens: 6, cache_write_tokens });
    const written = (tokens: number) =>
      readUsage('openai-chat', {
        usage: { prompt_tokens: 10, completion_tokens: 4, prompt_tokens_details: details(tokens) },
      })?.cacheWriteTokens;
    assert.deepEqual([written(3), written(0), written(60)], [3, undefined, 4]);
  });

  for (const [where, total_tokens, outputTokens] of [
    ['beside the completion, as the total tells', 399, 387],
    ['inside the completion, as the total tells', 13, 1],
    ['inside it where there is no total', undefined, 1],
  ] as const) {
    it(`counts reasoning ${where}`, () => {
      const completion_tokens_details = { reasoning_tokens: 386 };
      const usage = { prompt_tokens: 12, completion_tokens: 1, total_tokens, completion_tokens_details };
      assert.equal(readUsage('openai-chat', { usage })?.outputTokens, outputTokens);
    });
  }

  it('is not spoilt by a total or details that cannot be read', () => {
    const odd = { total_tokens: 'many', completion_tokens_details: { reasoning_tokens: -1 } };
    assert.equal(
      readUsage('openai-chat', { usage: { prompt_tokens: 12, completion_tokens: 1, ...odd } })?.outputTokens,
      1,
    );
  });

  for (const [name, answer] of [
    ['no usage', { choices: [] }],
    ['a usage of null', { usage: null }],
    ['tokens that are no number', { usage: { prompt_tokens: '10', completion_tokens: 4 } }],
    ['tokens below 0', { usage: { prompt_tokens: -1, completion_tokens: 4 } }],
    ['half a token', { usage: { prompt_tokens: 1.5, completion_tokens: 4 } }],
    ['more tokens than there are', { usage: { prompt_tokens: 1e18, completion_tokens: 4 } }],
    ['something that is no object', 'usage'],
  ] as const) {
    it(`is absent for ${name}`, () => {
      assert.equal(readUsage('openai-chat', answer), undefined);
    });
  }
});

describe('usage of openai-responses', () => {
  it('counts cached tokens, read and written, inside the input, and is told by the last event', () => {
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

describe('usage of anthropic-messages', () => {
  const start = (usage: object) => ({ type: 'message_start', message: { usage } });
  const delta = (usage: object) => ({ type: 'message_delta', delta: {}, usage });

  it('counts what is read from the cache and written to it as input', () => {
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

  it('tells what of the writes is kept for an hour', () => {
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

  it('never believes in longer writes than there are writes', () => {
    const usage = { input_tokens: 3, cache_creation: { ephemeral_1h_input_tokens: 30 }, output_tokens: 1 };
    assert.deepEqual(readUsage('anthropic-messages', { usage }), {
      inputTokens: 3,
      cachedInputTokens: 0,
      outputTokens: 1,
    });
  });

  it('merges the start and the deltas field by field, and lets the larger win', () => {
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

  it('is absent for events that report none', () => {
    assert.equal(
      readUsage('anthropic-messages', { type: 'ping' }, { type: 'content_block_stop' }),
      undefined,
    );
  });
});

describe('usage of google-generative', () => {
  it('counts thoughts as output and cached tokens inside the prompt', () => {
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

  it('takes the largest of the figures that every chunk repeats', () => {
    const chunk = (candidatesTokenCount?: number) => ({
      usageMetadata: { promptTokenCount: 5, candidatesTokenCount },
    });
    assert.equal(readUsage('google-generative', chunk(), chunk(3), chunk(8))?.outputTokens, 8);
  });
});
