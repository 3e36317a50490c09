import assert from 'node:assert/strict';
import type { LanguageModelV4FilePart } from '@ai-sdk/provider';
import type { Prompt } from '../../../src/guard/call.ts';
import { estimateInputTokens as estimateInSteps, estimateOutputTokens } from '../../../src/guard/estimate.ts';
import { resultOf } from '../../support/work-result.ts';

const estimateInputTokens = (prompt: Prompt) => resultOf(estimateInSteps(prompt));

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
  const pdf = (pages: number, bytes: number) => {
    const page = '1 0 obj <</Type /Page /Parent 2 0 R>> endobj\n';
    return Buffer.concat([Buffer.from(`%PDF-1.7\n${page.repeat(pages)}`), Buffer.alloc(bytes)]);
  };
  const wav = (seconds: number) => {
    const bytes = Buffer.alloc(44 + 32_000 * seconds);
    bytes.write('RIFF', 0);
    bytes.write('WAVEfmt ', 8);
    bytes.writeUInt32LE(32_000, 28);
    return bytes;
  };

  it('counts a PDF file by its pages, whatever its bytes', () => {
    for (const bytes of [0, 1_000_000])
      assert.equal(tokensOf('application/pdf', { type: 'data', data: pdf(3, bytes) }), 9_000);
    const data = pdf(3, 1_000_000).toString('base64');
    assert.equal(tokensOf('application/pdf', { type: 'data', data }), 9_000);
  });

  it('counts a WAV file by its seconds', () => {
    assert.equal(tokensOf('audio/wav', { type: 'data', data: wav(10) }), 321);
  });

  for (const [mediaType, tokens] of [
    ['application/pdf', 60_000],
    ['audio/mpeg', 20_000],
    ['video/mp4', 90_000],
    ['application/zip', 60_000],
  ] as const) {
    it(`counts ${mediaType} of unknown length by the bound of its kind`, () => {
      const data = new Uint8Array(1_000_000);
      assert.equal(tokensOf(mediaType, { type: 'data', data }), tokens);
      const url = new URL('https://files.example/report');
      assert.equal(tokensOf(mediaType, { type: 'url', url }), tokens);
    });
  }

  it('counts no more tokens than the file has bytes', () => {
    assert.equal(tokensOf('application/pdf', { type: 'data', data: new Uint8Array(500) }), 500);
  });

  for (const [what, data] of [
    ['bytes', { type: 'data', data: new Uint8Array(10_000) }],
    ['base64', { type: 'data', data: Buffer.alloc(10_000).toString('base64') }],
    ['text', { type: 'text', text: 'x'.repeat(10_000) }],
  ] as const) {
    it(`counts the bytes of a text file given as ${what}`, () => {
      assert.equal(tokensOf('text/plain', data), 4_000);
    });
  }

  it('counts a text file with only an address like an image', () => {
    const data = { type: 'url', url: new URL('https://files.example/notes.txt') } as const;
    assert.equal(tokensOf('text/plain', data), 1_600);
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
