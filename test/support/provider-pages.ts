import type { ProviderKind } from '../../src/providers/config/catalogue.ts';

/** What a provider's own page says of its API. */
export interface ProviderPage {
  readonly page: string;
  /** The base URL, or one of its form. */
  readonly baseUrl: string;
  /** The path of a list of models, and one as the page shows it; absent if the API has none. */
  readonly list?: {
    readonly page?: string;
    readonly path: string;
    readonly body: object;
    readonly ids: string[];
  };
  /** What the request calls the limit of its output; `max_tokens` if absent. */
  readonly outputLimit?: 'max_completion_tokens';
  /** The page of the Responses API, if there is one at the same base URL. */
  readonly responses?: string;
}

const openaiList = (...ids: string[]) => ({
  object: 'list',
  data: ids.map((id) => ({ id, object: 'model', created: 1_721_692_800, owned_by: 'owner' })),
});

/** The kinds of the catalogue that no one has yet called with a real key or server, with pages as of 2026-11. */
export const providerPages = {
  vertex: {
    page: 'https://cloud.google.com/vertex-ai/generative-ai/docs/start/express-mode/vertex-ai-express-mode-api-reference',
    baseUrl: 'https://aiplatform.googleapis.com/v1/publishers/google',
  },
  bedrock: {
    page: 'https://docs.aws.amazon.com/bedrock/latest/userguide/inference-chat-completions-mantle.html',
    baseUrl: 'https://bedrock-mantle.us-east-1.api.aws/v1',
    list: {
      path: '/v1/models',
      body: openaiList('openai.gpt-oss-120b', 'moonshotai.kimi-k2.5'),
      ids: ['openai.gpt-oss-120b', 'moonshotai.kimi-k2.5'],
    },
    responses: 'https://docs.aws.amazon.com/bedrock/latest/userguide/bedrock-mantle.html',
  },
  moonshot: {
    page: 'https://platform.kimi.ai/docs/api/list-models',
    baseUrl: 'https://api.moonshot.ai/v1',
    list: {
      path: '/v1/models',
      body: {
        object: 'list',
        data: [
          {
            id: 'kimi-k2.5',
            object: 'model',
            created: 1_721_692_800,
            owned_by: 'moonshot',
            context_length: 262_144,
            supports_image_in: true,
            supports_reasoning: true,
          },
        ],
      },
      ids: ['kimi-k2.5'],
    },
  },
  zai: {
    page: 'https://docs.z.ai/guides/develop/openai/python',
    baseUrl: 'https://api.z.ai/api/paas/v4',
    list: { path: '/api/paas/v4/models', body: openaiList('glm-5', 'glm-4.7'), ids: ['glm-5', 'glm-4.7'] },
  },
  minimax: {
    page: 'https://platform.minimax.io/docs/api-reference/text-openai-api',
    baseUrl: 'https://api.minimax.io/v1',
    list: {
      page: 'https://platform.minimax.io/docs/api-reference/models/openai/list-models',
      path: '/v1/models',
      body: openaiList('MiniMax-M2.7', 'MiniMax-M2.5'),
      ids: ['MiniMax-M2.7', 'MiniMax-M2.5'],
    },
    outputLimit: 'max_completion_tokens',
    responses: 'https://platform.minimax.io/docs/api-reference/responses-create',
  },
  dashscope: {
    page: 'https://www.alibabacloud.com/help/en/model-studio/compatibility-of-openai-with-dashscope',
    baseUrl: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
    list: { path: '/compatible-mode/v1/models', body: openaiList('qwen3-max'), ids: ['qwen3-max'] },
  },
  perplexity: {
    page: 'https://docs.perplexity.ai/api-reference/chat-completions-post',
    baseUrl: 'https://api.perplexity.ai',
  },
  together: {
    page: 'https://docs.together.ai/docs/openai-api-compatibility',
    baseUrl: 'https://api.together.xyz/v1',
    list: {
      page: 'https://docs.together.ai/reference/models',
      path: '/v1/models',
      body: [
        {
          id: 'Austism/chronos-hermes-13b',
          object: 'model',
          created: 1_692_896_905,
          type: 'chat',
          display_name: 'Chronos Hermes (13B)',
          organization: 'Austism',
          license: 'other',
          context_length: 2_048,
          pricing: { hourly: 0, input: 0.3, output: 0.3, base: 0, finetune: 0 },
        },
      ],
      ids: ['Austism/chronos-hermes-13b'],
    },
  },
  fireworks: {
    page: 'https://docs.fireworks.ai/tools-sdks/openai-compatibility',
    baseUrl: 'https://api.fireworks.ai/inference/v1',
    list: {
      path: '/inference/v1/models',
      body: {
        object: 'list',
        data: [
          {
            id: 'accounts/fireworks/models/kimi-k3',
            object: 'model',
            owned_by: 'fireworks',
            supports_chat: true,
            context_length: 262_144,
          },
        ],
      },
      ids: ['accounts/fireworks/models/kimi-k3'],
    },
    responses: 'https://docs.fireworks.ai/guides/response-api',
  },
  cerebras: {
    page: 'https://inference-docs.cerebras.ai/api-reference/chat-completions',
    baseUrl: 'https://api.cerebras.ai/v1',
    list: {
      page: 'https://inference-docs.cerebras.ai/api-reference/models/list-models',
      path: '/v1/models',
      body: openaiList('gpt-oss-120b'),
      ids: ['gpt-oss-120b'],
    },
    outputLimit: 'max_completion_tokens',
  },
  nvidia: {
    page: 'https://docs.api.nvidia.com/nim/reference/llm-apis',
    baseUrl: 'https://integrate.api.nvidia.com/v1',
    list: {
      path: '/v1/models',
      body: openaiList('meta/llama-3.3-70b-instruct'),
      ids: ['meta/llama-3.3-70b-instruct'],
    },
  },
  huggingface: {
    page: 'https://huggingface.co/docs/inference-providers/tasks/chat-completion',
    baseUrl: 'https://router.huggingface.co/v1',
    list: {
      path: '/v1/models',
      body: {
        object: 'list',
        data: [
          {
            id: 'openai/gpt-oss-120b',
            object: 'model',
            owned_by: 'openai',
            architecture: { input_modalities: ['text'], output_modalities: ['text'] },
            providers: [
              {
                provider: 'cerebras',
                status: 'live',
                context_length: 131_072,
                pricing: { input: 0.25, output: 0.69 },
                supports_tools: true,
              },
            ],
          },
        ],
      },
      ids: ['openai/gpt-oss-120b'],
    },
    responses: 'https://huggingface.co/docs/inference-providers/guides/responses-api',
  },
  sambanova: {
    page: 'https://docs.sambanova.ai/docs/en/features/openai-compatibility',
    baseUrl: 'https://api.sambanova.ai/v1',
    list: {
      page: 'https://docs.sambanova.ai/docs/api-reference/models/get-environments-available-model-list-metadata',
      path: '/v1/models',
      body: openaiList('gpt-oss-120b', 'DeepSeek-V3.1'),
      ids: ['gpt-oss-120b', 'DeepSeek-V3.1'],
    },
    responses: 'https://docs.sambanova.ai/docs/api-reference/responses/create-a-model-response',
  },
  'github-models': {
    page: 'https://docs.github.com/rest/models/inference',
    baseUrl: 'https://models.github.ai/inference',
    list: {
      page: 'https://docs.github.com/rest/models/catalog',
      path: '/catalog/models',
      body: [
        {
          id: 'openai/gpt-4.1',
          name: 'OpenAI GPT-4.1',
          publisher: 'OpenAI',
          registry: 'azure-openai',
          capabilities: ['streaming', 'tool-calling'],
          limits: { max_input_tokens: 1_048_576, max_output_tokens: 32_768 },
          rate_limit_tier: 'high',
          supported_input_modalities: ['text', 'image', 'audio'],
          supported_output_modalities: ['text'],
        },
      ],
      ids: ['openai/gpt-4.1'],
    },
  },
  'vercel-ai-gateway': {
    page: 'https://vercel.com/docs/ai-gateway/sdks-and-apis/openai-chat-completions',
    baseUrl: 'https://ai-gateway.vercel.sh/v1',
    list: {
      page: 'https://vercel.com/docs/ai-gateway/sdks-and-apis/rest-api',
      path: '/v1/models',
      body: {
        object: 'list',
        data: [
          {
            id: 'anthropic/claude-sonnet-4.5',
            object: 'model',
            owned_by: 'anthropic',
            type: 'language',
            context_window: 200_000,
            max_tokens: 64_000,
            pricing: { input: '0.000003', output: '0.000015' },
          },
        ],
      },
      ids: ['anthropic/claude-sonnet-4.5'],
    },
    responses: 'https://vercel.com/docs/ai-gateway/sdks-and-apis/responses',
  },
  litellm: {
    page: 'https://docs.litellm.ai/docs/proxy/docker_quick_start',
    baseUrl: 'http://localhost:4000/v1',
    list: {
      page: 'https://docs.litellm.ai/docs/proxy/model_discovery',
      path: '/v1/models',
      body: openaiList('gpt-4o', 'claude-sonnet'),
      ids: ['gpt-4o', 'claude-sonnet'],
    },
    responses: 'https://docs.litellm.ai/docs/response_api',
  },
  vllm: {
    page: 'https://docs.vllm.ai/en/latest/serving/openai_compatible_server',
    baseUrl: 'http://localhost:8000/v1',
    list: {
      path: '/v1/models',
      body: {
        object: 'list',
        data: [
          {
            id: 'NousResearch/Meta-Llama-3-8B-Instruct',
            object: 'model',
            owned_by: 'vllm',
            root: 'NousResearch/Meta-Llama-3-8B-Instruct',
            max_model_len: 8_192,
          },
        ],
      },
      ids: ['NousResearch/Meta-Llama-3-8B-Instruct'],
    },
    responses: 'https://docs.vllm.ai/en/latest/serving/openai_compatible_server',
  },
  llamacpp: {
    page: 'https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md',
    baseUrl: 'http://localhost:8080/v1',
    list: {
      path: '/v1/models',
      // The path of a model's file is its id. Newer servers add a list in the shape of Ollama.
      body: {
        models: [{ name: 'models/gemma-4-12B-it-Q8_0.gguf', model: 'models/gemma-4-12B-it-Q8_0.gguf' }],
        object: 'list',
        data: [
          {
            id: 'models/gemma-4-12B-it-Q8_0.gguf',
            object: 'model',
            created: 1_735_142_223,
            owned_by: 'llamacpp',
            meta: { vocab_type: 2, n_vocab: 128_256, n_ctx_train: 131_072, n_embd: 4_096 },
          },
        ],
      },
      ids: ['models/gemma-4-12B-it-Q8_0.gguf'],
    },
    responses: 'https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md',
  },
  'docker-model-runner': {
    page: 'https://docs.docker.com/ai/model-runner/api-reference',
    baseUrl: 'http://localhost:12434/engines/v1',
    list: { path: '/engines/v1/models', body: openaiList('ai/smollm2'), ids: ['ai/smollm2'] },
  },
} satisfies Partial<Record<ProviderKind, ProviderPage>>;
