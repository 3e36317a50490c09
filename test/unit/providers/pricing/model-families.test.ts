import assert from 'node:assert/strict';
import { traitsByName } from '../../../../src/providers/pricing/model-families.ts';

describe('traitsByName', () => {
  for (const model of [
    ...[
      'text-embedding-3-small',
      'nomic-embed-text',
      'BAAI/bge-m3',
      'mxbai-embed-large:latest',
      'e5-mistral-7b',
      'gte-large',
    ],
    ...[
      'dall-e-3',
      'gpt-image-1',
      'gemini-2.5-flash-image',
      'imagen-4',
      'black-forest-labs/FLUX.1-dev',
      'qwen-image',
    ],
    ...[
      'whisper-1',
      'tts-1',
      'gpt-4o-mini-tts',
      'gpt-4o-transcribe',
      'gpt-4o-realtime-preview',
      'veo-3',
      'sora-2',
    ],
    ...[
      'omni-moderation-latest',
      'jina-reranker-v2',
      'stable-diffusion-xl',
      'gpt-3.5-turbo-instruct',
      'babbage-002',
    ],
    ...[
      'nvidia/nv-embedqa-e5-v5',
      'nvidia/nvclip',
      'nvidia/llama-3.1-nemoguard-8b-content-safety',
      'nvidia/nemotron-4-340b-reward',
      'meta-llama/llama-guard-4-12b',
      'meta-llama/llama-prompt-guard-2-86m',
      'togethercomputer/m2-bert-80M-8k-retrieval',
    ],
    ...[
      'canopylabs/orpheus-v1-english',
      'playai-tts',
      'gpt-audio',
      'grok-imagine-image',
      'wan2.2-t2v-plus',
      'cosyvoice-v3',
      'paraformer-realtime-v2',
      'hexgrad/Kokoro-82M',
      'voyage-3-large',
      'sentence-transformers/all-mpnet-base-v2',
    ],
  ])
    it(`knows that ${model} answers no prompts`, () => {
      assert.equal(traitsByName(model).chats, false);
    });

  for (const [model, tools, images] of [
    ['gpt-4o', true, true],
    ['openai/gpt-5.1-codex', true, true],
    ['o3-mini', true, false],
    ['o1', true, true],
    ['gpt-oss:20b', true, false],
    ['claude-sonnet-4-6', true, true],
    ['anthropic/claude-3.5-haiku', true, true],
    ['gemini-2.5-pro', true, true],
    ['gemini-3-pro-preview', true, true],
    ['deepseek-chat', true, false],
    ['deepseek-v4-pro', true, false],
    ['kimi-k2-0905-preview', true, false],
    ['kimi-k2.5', true, true],
    ['qwen3:8b', true, false],
    ['qwen2.5-vl-7b-instruct', true, true],
    ['qwen3-coder-plus', true, false],
    ['llama3.1:8b', true, false],
    ['meta-llama/Llama-4-Scout', true, true],
    ['gemma3:4b', false, true],
    ['glm-4.6', true, false],
    ['glm-4.5v', true, true],
    ['grok-4', true, true],
    ['mistral-medium-latest', true, true],
    ['codestral-latest', true, false],
  ] as const)
    it(`knows whether ${model} calls tools and reads images`, () => {
      const traits = traitsByName(model);
      assert.deepEqual([traits.tools, traits.images, traits.chats], [tools, images, undefined]);
    });

  for (const model of [
    'm',
    'echo',
    'my-own-model',
    'llama3',
    'phi-2',
    'veolia',
    'fluxus',
    'imagery',
    'wander',
    'eclipse',
    'safeguarded',
  ])
    it(`claims nothing of ${model}`, () => {
      const { tools = false, images = false, chats } = traitsByName(model);
      assert.deepEqual([tools, images, chats], [false, false, undefined]);
    });
});
