import assert from 'node:assert/strict';
import type { LanguageModelV4FilePart } from '@ai-sdk/provider';
import type { Prompt } from '../../../src/guard/call.ts';
import { estimateInputTokens, estimateOutputTokens } from '../../../src/guard/estimate.ts';

const asking = (text: string): Prompt => ({
  prompt: [{ role: 'user', content: [{ type: 'text', text }] }],
});

/** Texts with the tokens that o200k_base makes of them. */
const known: [what: string, text: string, tokens: number][] = [
  ['English', 'The quick brown fox jumps over the lazy dog. '.repeat(100), 1_001],
  ['digits', '1234567890'.repeat(100), 334],
  ['Chinese', '你好世界'.repeat(100), 200],
];

describe('estimateInputTokens', () => {
  for (const [what, text, tokens] of known) {
    it(`estimates high for ${what}`, () => {
      assert.ok(estimateInputTokens(asking(text)) >= tokens);
    });
  }

  it('counts every message and the system prompt', () => {
    const system = { prompt: [{ role: 'system' as const, content: 'x'.repeat(250) }, ...asking('').prompt] };
    assert.equal(estimateInputTokens(system), 8 + 100 + 8);
  });

  it('counts the tools that are offered', () => {
    const tool = {
      type: 'function' as const,
      name: 'search',
      description: 'x'.repeat(500),
      inputSchema: { type: 'object' as const },
    };
    assert.ok(estimateInputTokens({ ...asking('hi'), tools: [tool] }) >= 200);
  });

  it('counts tool calls and their results', () => {
    const prompt: Prompt = {
      prompt: [
        {
          role: 'tool',
          content: [
            {
              type: 'tool-result',
              toolCallId: '1',
              toolName: 'read',
              output: { type: 'text', value: 'x'.repeat(1_000) },
            },
          ],
        },
      ],
    };
    assert.ok(estimateInputTokens(prompt) >= 400);
  });

  it('counts an image as the most that a provider charges, whatever its bytes', () => {
    const image: Prompt = {
      prompt: [
        {
          role: 'user',
          content: [
            {
              type: 'file',
              mediaType: 'image/png',
              data: { type: 'data', data: new Uint8Array(1_000_000) },
            },
          ],
        },
      ],
    };
    assert.equal(estimateInputTokens(image), 1_608);
  });
});

describe('estimateInputTokens for a file other than an image', () => {
  const tokensOf = (mediaType: string, data: LanguageModelV4FilePart['data']) => {
    const content = [{ type: 'file', mediaType, data }] as const;
    return estimateInputTokens({ prompt: [{ role: 'user', content: [...content] }] }) - 8;
  };
  const bytes = new Uint8Array(10_000);

  for (const [what, mediaType, data] of [
    ['bytes', 'application/pdf', { type: 'data', data: bytes }],
    ['base64', 'application/pdf', { type: 'data', data: Buffer.from(bytes).toString('base64') }],
    ['text', 'text/plain', { type: 'text', text: 'x'.repeat(10_000) }],
  ] as const) {
    it(`counts the bytes of a file given as ${what}`, () => {
      assert.equal(tokensOf(mediaType, data), 4_000);
    });
  }

  it('counts a file with only an address like an image', () => {
    const data = { type: 'url', url: new URL('https://files.example/report.pdf') } as const;
    assert.equal(tokensOf('application/pdf', data), 1_600);
  });
});

describe('estimateOutputTokens', () => {
  for (const type of ['text-delta', 'reasoning-delta', 'tool-input-delta'] as const) {
    it(`counts a ${type}`, () => {
      assert.equal(estimateOutputTokens({ type, id: '0', delta: 'x'.repeat(25) }), 10);
    });
  }

  it('counts nothing for parts without content', () => {
    assert.equal(estimateOutputTokens({ type: 'text-start', id: '0' }), 0);
  });
});
