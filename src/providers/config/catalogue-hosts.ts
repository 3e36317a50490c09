import { chat, chatAndResponses, type CatalogueRow } from './catalogue-row.ts';

/** Providers that host models of others, and gateways to them. */
export const modelHosts = {
  openrouter: {
    ...chatAndResponses,
    label: 'OpenRouter',
    baseUrl: 'https://openrouter.ai/api/v1',
    key: 'required',
    // Its documentation, 'Model variants'.
    freeModels: /:free$/i,
    priceList: 'openrouter',
  },
  groq: {
    ...chatAndResponses,
    label: 'Groq',
    baseUrl: 'https://api.groq.com/openai/v1',
    key: 'required',
    priceList: 'groq',
  },
  // https://docs.together.ai/reference/models
  together: {
    ...chat,
    label: 'Together AI',
    baseUrl: 'https://api.together.xyz/v1',
    key: 'required',
    unproven: true,
  },
  // https://docs.fireworks.ai/tools-sdks/openai-compatibility
  fireworks: {
    ...chatAndResponses,
    label: 'Fireworks AI',
    baseUrl: 'https://api.fireworks.ai/inference/v1',
    key: 'required',
    priceList: 'fireworks',
    unproven: true,
  },
  // https://inference-docs.cerebras.ai/api-reference/models/list-models
  cerebras: {
    ...chat,
    label: 'Cerebras',
    baseUrl: 'https://api.cerebras.ai/v1',
    key: 'required',
    // https://inference-docs.cerebras.ai/api-reference/chat-completions
    quirks: { outputLimit: 'max_completion_tokens' },
    unproven: true,
  },
  // https://docs.api.nvidia.com/nim/reference/llm-apis
  nvidia: {
    ...chat,
    label: 'NVIDIA NIM',
    baseUrl: 'https://integrate.api.nvidia.com/v1',
    key: 'required',
    unproven: true,
  },
  // https://huggingface.co/docs/inference-providers/tasks/chat-completion
  huggingface: {
    ...chatAndResponses,
    label: 'Hugging Face',
    baseUrl: 'https://router.huggingface.co/v1',
    key: 'required',
    unproven: true,
  },
  // https://docs.sambanova.ai/docs/en/api-reference/overview
  sambanova: {
    ...chatAndResponses,
    label: 'SambaNova',
    baseUrl: 'https://api.sambanova.ai/v1',
    key: 'required',
    unproven: true,
  },
  // Not GITHUB_TOKEN: a guarded terminal would take it from git and gh.
  // https://docs.github.com/rest/models/inference, https://docs.github.com/rest/models/catalog
  'github-models': {
    ...chat,
    label: 'GitHub Models',
    baseUrl: 'https://models.github.ai/inference',
    key: 'required',
    modelListPath: '/catalog/models',
    unproven: true,
  },
  // https://vercel.com/docs/ai-gateway/sdks-and-apis/openai-chat-completions
  'vercel-ai-gateway': {
    ...chatAndResponses,
    label: 'Vercel AI Gateway',
    baseUrl: 'https://ai-gateway.vercel.sh/v1',
    key: 'required',
    unproven: true,
  },
  // https://docs.litellm.ai/docs/proxy/docker_quick_start
  litellm: {
    ...chatAndResponses,
    label: 'LiteLLM proxy',
    baseUrl: 'http://localhost:4000/v1',
    asksAddress: true,
    key: 'optional',
    unproven: true,
  },
} as const satisfies Record<string, CatalogueRow>;
