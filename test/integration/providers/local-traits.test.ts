import assert from 'node:assert/strict';
import { listModels } from '../../../src/providers/config/list-models.ts';
import type { ModelTraits } from '../../../src/providers/config/model-details.ts';
import type { ProviderEntry } from '../../../src/providers/config/provider-entry.ts';
import {
  reply,
  startFaultUpstream,
  type Exchange,
  type FaultUpstream,
} from '../../support/fault-upstream.ts';
import { credentialsFor, provider, senderOptions } from '../../support/sender.ts';

/** Answers by path; 404 elsewhere. A function gets the body. */
type Pages = Readonly<Record<string, Page | undefined>>;
type Page = object | ((body: string) => object);

describe('listModels of a server that says more about its models', () => {
  let upstream: FaultUpstream;

  beforeEach(async () => {
    upstream = await startFaultUpstream();
  });
  afterEach(() => upstream.close());

  async function traits(kind: ProviderEntry['kind'], pages: Pages): Promise<Record<string, ModelTraits>> {
    upstream.script((exchange: Exchange) => {
      const { url, body } = exchange.request;
      const page = pages[url];
      const found = typeof page === 'function' ? (page as (text: string) => object)(body) : page;
      return (found === undefined ? reply(404, { error: { message: 'no' } }) : reply(200, found))(exchange);
    });
    const config = provider({ kind, baseUrl: upstream.baseUrl });
    let learnt: ReadonlyMap<string, ModelTraits> = new Map();
    const facts = {
      learn: (_config: unknown, said: ReadonlyMap<string, ModelTraits>) => {
        learnt = said;
      },
    };
    const { signal } = new AbortController();
    const listed = await listModels(config, credentialsFor(config), signal, {
      ...senderOptions(config),
      facts,
    });
    assert.deepEqual(listed, { ok: true, value: [...learnt.keys()] });
    return Object.fromEntries(learnt);
  }

  const list = (...ids: string[]) => ({
    object: 'list',
    data: ids.map((id) => ({ id, owned_by: 'library' })),
  });

  it('asks Ollama about each model, and which ones run with which context', async () => {
    const shown: Record<string, object> = {
      'qwen3:8b': {
        model_info: { 'general.architecture': 'qwen3', 'qwen3.context_length': 40_960 },
        capabilities: ['completion', 'tools', 'thinking'],
      },
      'llava:7b': {
        parameters: 'stop    "USER:"\nnum_ctx 2048',
        model_info: { 'llama.context_length': 32_768 },
        capabilities: ['completion', 'vision'],
      },
      'nomic-embed-text:latest': {
        model_info: { 'nomic-bert.context_length': 2_048 },
        capabilities: ['embedding'],
      },
    };
    const said = await traits('ollama', {
      '/v1/models': list('qwen3:8b', 'llava:7b', 'nomic-embed-text:latest', 'gone'),
      '/api/show': (body) => shown[(JSON.parse(body) as { model: string }).model] ?? {},
      '/api/ps': { models: [{ name: 'qwen3:8b', model: 'qwen3:8b', context_length: 8_192 }] },
    });
    assert.deepEqual(said, {
      'qwen3:8b': { contextTokens: 8_192, tools: true, images: false, reasoning: true },
      'llava:7b': { contextTokens: 2_048, tools: false, images: true },
      'nomic-embed-text:latest': { contextTokens: 2_048, tools: false, images: false, chats: false },
      gone: {},
    });
  });

  it("asks for LM Studio's own list", async () => {
    const said = await traits('lmstudio', {
      '/v1/models': list('a', 'b'),
      '/api/v0/models': {
        data: [
          {
            id: 'a',
            type: 'llm',
            max_context_length: 131_072,
            loaded_context_length: 4_096,
            capabilities: ['tool_use'],
          },
          { id: 'b', type: 'embeddings', max_context_length: 512 },
        ],
      },
    });
    assert.deepEqual(said, {
      a: { contextTokens: 4_096, tools: true, images: false, chats: true },
      b: { contextTokens: 512, chats: false },
    });
  });

  it('asks llama.cpp for the properties of its model', async () => {
    const said = await traits('llamacpp', {
      '/v1/models': { data: [{ id: 'm', owned_by: 'llamacpp', meta: { n_ctx_train: 131_072 } }] },
      '/props': {
        default_generation_settings: { n_ctx: 16_384 },
        modalities: { vision: true, audio: false },
      },
    });
    assert.deepEqual(said, { m: { contextTokens: 16_384, images: true } });
  });

  it('asks LiteLLM for what it knows', async () => {
    const info = {
      mode: 'chat',
      max_input_tokens: 100,
      max_output_tokens: 20,
      supports_function_calling: true,
    };
    const said = await traits('litellm', {
      '/v1/models': list('m'),
      '/model/info': { data: [{ model_name: 'm', model_info: info }] },
    });
    assert.deepEqual(said, {
      m: { contextTokens: 120, maxOutputTokens: 20, tools: true, chats: true },
    });
  });

  for (const kind of ['ollama', 'lmstudio', 'llamacpp', 'litellm'] as const)
    it(`is content with the list where ${kind} has nothing else`, async () => {
      assert.deepEqual(await traits(kind, { '/v1/models': list('m') }), { m: {} });
    });

  it('asks a server of the own network that is openai-compatible for its context, whatever its program', async () => {
    const llama = await traits('openai-compatible', {
      '/v1/models': list('m'),
      '/props': { default_generation_settings: { n_ctx: 16_384 } },
    });
    assert.deepEqual(llama, { m: { contextTokens: 16_384 } });
    const lmStudio = await traits('openai-compatible', {
      '/v1/models': list('m'),
      '/api/v0/models': { data: [{ id: 'm', type: 'llm', loaded_context_length: 4_096 }] },
    });
    assert.deepEqual(lmStudio, { m: { contextTokens: 4_096, chats: true } });
    const tgi = await traits('openai-compatible', {
      '/v1/models': list('m'),
      '/info': { model_id: 'm', max_input_tokens: 3_000, max_total_tokens: 4_000 },
    });
    assert.deepEqual(tgi, { m: { contextTokens: 4_000 } });
    upstream.forget();
    const vllm = { data: [{ id: 'm', owned_by: 'vllm', max_model_len: 32_768 }] };
    assert.deepEqual(await traits('openai-compatible', { '/v1/models': vllm }), {
      m: { contextTokens: 32_768 },
    });
    assert.equal(upstream.seen.length, 1);
  });

  it('asks no other server for anything but its list', async () => {
    await traits('vllm', { '/v1/models': list('m') });
    assert.deepEqual(
      upstream.seen.map(({ url }) => url),
      ['/v1/models'],
    );
  });
});
