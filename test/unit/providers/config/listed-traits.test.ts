import assert from 'node:assert/strict';
import { traitsIn } from '../../../../src/providers/config/listed-traits.ts';

/** Entries of real lists, shortened, with what they say. */
const entries: readonly (readonly [server: string, entry: unknown, says: object])[] = [
  ['OpenAI', { id: 'gpt-4o', object: 'model', created: 1, owned_by: 'system' }, {}],
  [
    'vLLM',
    { id: 'm', object: 'model', owned_by: 'vllm', root: '/m', max_model_len: 32_768 },
    { contextTokens: 32_768 },
  ],
  [
    'OpenRouter',
    {
      id: 'anthropic/claude',
      context_length: 200_000,
      architecture: {
        modality: 'text+image->text',
        input_modalities: ['text', 'image'],
        output_modalities: ['text'],
      },
      top_provider: { context_length: 200_000, max_completion_tokens: 64_000, is_moderated: true },
      supported_parameters: ['max_tokens', 'reasoning', 'tools', 'tool_choice'],
    },
    {
      contextTokens: 200_000,
      maxOutputTokens: 64_000,
      tools: true,
      images: true,
      reasoning: true,
      chats: true,
    },
  ],
  [
    'OpenRouter, of a model of images',
    {
      id: 'g/image',
      context_length: 32_768,
      architecture: { input_modalities: ['text'], output_modalities: ['image'] },
      supported_parameters: ['temperature'],
    },
    { contextTokens: 32_768, tools: false, images: false, chats: false },
  ],
  [
    'Groq',
    { id: 'llama', active: true, context_window: 131_072, max_completion_tokens: 32_768 },
    { contextTokens: 131_072, maxOutputTokens: 32_768 },
  ],
  [
    'Mistral',
    {
      id: 'mistral-small',
      max_context_length: 131_072,
      capabilities: { completion_chat: true, function_calling: true, vision: false, fine_tuning: false },
    },
    { contextTokens: 131_072, tools: true, images: false, chats: true },
  ],
  [
    'Mistral, of embeddings',
    {
      id: 'mistral-embed',
      max_context_length: 8_192,
      capabilities: { completion_chat: false, function_calling: false },
    },
    { contextTokens: 8_192, tools: false, chats: false },
  ],
  [
    'Google',
    {
      name: 'models/gemini-2.5-flash',
      inputTokenLimit: 1_048_576,
      outputTokenLimit: 65_536,
      supportedGenerationMethods: ['generateContent', 'countTokens'],
      thinking: true,
    },
    { contextTokens: 1_114_112, maxOutputTokens: 65_536, reasoning: true },
  ],
  [
    'LM Studio',
    {
      id: 'qwen3',
      type: 'llm',
      state: 'loaded',
      max_context_length: 40_960,
      loaded_context_length: 4_096,
      capabilities: ['tool_use'],
    },
    { contextTokens: 4_096, tools: true, images: false, chats: true },
  ],
  [
    'LM Studio, of a model that sees',
    { id: 'q', type: 'vlm', max_context_length: 32_768 },
    { contextTokens: 32_768, images: true, chats: true },
  ],
  [
    'LM Studio, of embeddings',
    { id: 'nomic', type: 'embeddings', max_context_length: 2_048 },
    { contextTokens: 2_048, chats: false },
  ],
  [
    'LM Studio, in its newer form',
    {
      type: 'llm',
      key: 'g',
      loaded_instances: [{ id: 'g', config: { context_length: 4_096 } }],
      max_context_length: 131_072,
      capabilities: { vision: true, trained_for_tool_use: false },
    },
    { contextTokens: 4_096, tools: false, images: true, chats: true },
  ],
  [
    'llama.cpp',
    { id: 'm', owned_by: 'llamacpp', meta: { n_vocab: 9, n_ctx_train: 131_072, n_ctx: 8_192, n_embd: 1 } },
    { contextTokens: 8_192 },
  ],
  ['an older llama.cpp', { id: 'm', meta: { n_ctx_train: 131_072 } }, { contextTokens: 131_072 }],
  [
    'LiteLLM',
    {
      model_name: 'm',
      model_info: {
        mode: 'chat',
        max_input_tokens: 128_000,
        max_output_tokens: 16_384,
        supports_vision: true,
        supports_function_calling: true,
        supports_reasoning: false,
      },
    },
    {
      contextTokens: 144_384,
      maxOutputTokens: 16_384,
      tools: true,
      images: true,
      reasoning: false,
      chats: true,
    },
  ],
  [
    'GitHub Models',
    {
      id: 'openai/gpt-4.1',
      capabilities: ['agents', 'streaming', 'tool-calling'],
      limits: { max_input_tokens: 1_048_576, max_output_tokens: 32_768 },
      supported_input_modalities: ['text', 'image'],
      supported_output_modalities: ['text'],
    },
    { contextTokens: 1_081_344, maxOutputTokens: 32_768, tools: true, images: true, chats: true },
  ],
  [
    'Vercel',
    { id: 'a/b', type: 'language', context_window: 200_000, max_tokens: 8_000, tags: ['tool-use', 'vision'] },
    { contextTokens: 200_000, tools: true, images: true, chats: true },
  ],
  [
    'Vercel, of embeddings',
    { id: 'a/e', type: 'embedding', context_window: 8_192 },
    { contextTokens: 8_192, chats: false },
  ],
  ['Together', { id: 'a', type: 'chat', context_length: 32_768 }, { contextTokens: 32_768, chats: true }],
  ['Together, of images', { id: 'f', type: 'image', context_length: 0 }, { chats: false }],
  [
    'Fireworks',
    {
      id: 'a',
      context_length: 131_072,
      supports_chat: true,
      supports_image_input: false,
      supports_tools: true,
    },
    { contextTokens: 131_072, tools: true, images: false, chats: true },
  ],
  [
    'Moonshot',
    {
      id: 'kimi',
      context_length: 262_144,
      supports_image_in: true,
      supports_video_in: false,
      supports_reasoning: true,
    },
    { contextTokens: 262_144, images: true, reasoning: true },
  ],
  [
    'Together, of rankings',
    { id: 'r', type: 'rerank', context_length: 8_192 },
    { contextTokens: 8_192, chats: false },
  ],
  ['LiteLLM, of speech', { model_name: 'm', model_info: { mode: 'audio_transcription' } }, { chats: false }],
  ['Hugging Face', { id: 'm', pipeline_tag: 'image-text-to-text' }, { chats: true }],
  ['Hugging Face, of images', { id: 'm', pipeline_tag: 'text-to-image' }, { chats: false }],
  ['Hugging Face, of sentences', { id: 'm', pipeline_tag: 'sentence-similarity' }, { chats: false }],
  ['Cloudflare', { name: '@cf/m', task: { id: 'x', name: 'Text Generation' } }, { chats: true }],
  [
    'Cloudflare, of embeddings',
    { name: '@cf/e', task: { id: 'x', name: 'Text Embeddings' } },
    { chats: false },
  ],
  ['Cohere, of embeddings', { name: 'm', endpoints: ['embed', 'classify'] }, { chats: false }],
  ['Cohere', { name: 'command-a', endpoints: ['chat', 'generate'] }, {}],
  [
    'OpenRouter, of images and text',
    {
      id: 'g/x-image',
      architecture: { input_modalities: ['image', 'text'], output_modalities: ['image', 'text'] },
    },
    { images: true, chats: true },
  ],
  [
    'OpenRouter, of speech to text',
    { id: 'a/x', architecture: { input_modalities: ['audio'], output_modalities: ['text'] } },
    { images: false, chats: false },
  ],
  ['Nebius, of embeddings', { id: 'm', architecture: { modality: 'text->embedding' } }, { chats: false }],
  ['Nebius', { id: 'm', architecture: { modality: 'text->text' } }, { chats: true }],
  [
    'Copilot, of embeddings',
    { id: 'm', capabilities: { type: 'embeddings', limits: { max_inputs: 512 } } },
    { chats: false },
  ],
  [
    'Azure, of embeddings',
    { id: 'm', capabilities: { chat_completion: false, embeddings: true } },
    { chats: false },
  ],
  ['nothing that is read', { id: 'm', context_length: -1, max_model_len: 'much', capabilities: 7 }, {}],
  ['a text', 'm', {}],
];

describe('traitsIn', () => {
  for (const [server, entry, says] of entries)
    it(`reads what a list says that is of ${server}`, () => {
      assert.deepEqual(traitsIn(entry), says);
    });
});
