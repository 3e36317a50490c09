import { chat, chatAndResponses, type CatalogueRow } from './catalogue-row.ts';

/** Providers that host models of others, and gateways to them. */
export const modelHosts = {
  openrouter: {
    ...chatAndResponses,
    label: 'OpenRouter',
    baseUrl: 'https://openrouter.ai/api/v1',
    key: 'required',
    keyUrl: 'https://openrouter.ai/settings/keys',
    keyShapes: ['openrouter'],
    otherNames: ['open-router'],
    // Its documentation, 'Model variants'.
    freeModels: /:free$/i,
    priceList: 'openrouter',
  },
  groq: {
    ...chatAndResponses,
    label: 'Groq',
    baseUrl: 'https://api.groq.com/openai/v1',
    key: 'required',
    keyUrl: 'https://console.groq.com/keys',
    keyShapes: ['groq'],
    priceList: 'groq',
  },
  // https://docs.together.ai/reference/models
  together: {
    ...chat,
    label: 'Together AI',
    baseUrl: 'https://api.together.xyz/v1',
    key: 'required',
    keyUrl: 'https://api.together.ai/settings/api-keys',
    keyShapes: ['together'],
    keyVariables: ['TOGETHER_AI_API_KEY', 'TOGETHERAI_API_KEY'],
    otherNames: ['together-ai', 'togetherai'],
    unproven: true,
  },
  // https://docs.fireworks.ai/tools-sdks/openai-compatibility
  fireworks: {
    ...chatAndResponses,
    label: 'Fireworks AI',
    baseUrl: 'https://api.fireworks.ai/inference/v1',
    key: 'required',
    keyUrl: 'https://app.fireworks.ai/settings/users/api-keys',
    keyShapes: ['fireworks'],
    keyVariables: ['FIREWORKS_AI_API_KEY'],
    otherNames: ['fireworks-ai'],
    priceList: 'fireworks',
    unproven: true,
  },
  // https://inference-docs.cerebras.ai/api-reference/models/list-models
  cerebras: {
    ...chat,
    label: 'Cerebras',
    baseUrl: 'https://api.cerebras.ai/v1',
    key: 'required',
    keyUrl: 'https://cloud.cerebras.ai',
    keyShapes: ['cerebras'],
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
    keyUrl: 'https://build.nvidia.com/settings/api-keys',
    keyShapes: ['nvidia'],
    keyVariables: ['NVIDIA_NIM_API_KEY'],
    otherNames: ['nvidia-nim', 'nim'],
    unproven: true,
  },
  // https://huggingface.co/docs/inference-providers/tasks/chat-completion
  huggingface: {
    ...chatAndResponses,
    label: 'Hugging Face',
    baseUrl: 'https://router.huggingface.co/v1',
    key: 'required',
    keyUrl: 'https://huggingface.co/settings/tokens',
    keyShapes: ['huggingFace'],
    keyVariables: [
      'HF_TOKEN',
      'HF_API_KEY',
      'HF_API_TOKEN',
      'HUGGINGFACEHUB_API_TOKEN',
      'HUGGING_FACE_HUB_TOKEN',
    ],
    otherNames: ['hugging-face', 'hf'],
    unproven: true,
  },
  // https://docs.sambanova.ai/docs/en/api-reference/overview
  sambanova: {
    ...chatAndResponses,
    label: 'SambaNova',
    baseUrl: 'https://api.sambanova.ai/v1',
    key: 'required',
    keyUrl: 'https://cloud.sambanova.ai/apis',
    keyShapes: [],
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
    keyUrl: 'https://github.com/settings/personal-access-tokens/new',
    keyShapes: ['github', 'githubFineGrained', 'githubInstallation'],
    keyVariables: ['GITHUB_MODELS_TOKEN'],
    unproven: true,
  },
  // https://vercel.com/docs/ai-gateway/sdks-and-apis/openai-chat-completions
  'vercel-ai-gateway': {
    ...chatAndResponses,
    label: 'Vercel AI Gateway',
    baseUrl: 'https://ai-gateway.vercel.sh/v1',
    key: 'required',
    keyUrl: 'https://vercel.com/d?to=%2F%5Bteam%5D%2F%7E%2Fai%2Fapi-keys',
    keyShapes: ['vercelGateway'],
    keyVariables: ['AI_GATEWAY_API_KEY'],
    otherNames: ['ai-gateway', 'vercel-gateway'],
    unproven: true,
  },
  // https://docs.litellm.ai/docs/proxy/docker_quick_start
  litellm: {
    ...chatAndResponses,
    label: 'LiteLLM proxy',
    baseUrl: 'http://localhost:4000/v1',
    asksAddress: true,
    key: 'optional',
    keyVariables: ['LITELLM_MASTER_KEY', 'LITELLM_PROXY_API_KEY'],
    otherNames: ['litellm-proxy'],
    unproven: true,
  },
} as const satisfies Record<string, CatalogueRow>;
