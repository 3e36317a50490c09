import {
  anthropicMessages,
  chat,
  chatAndResponses,
  googleGenerative,
  type CatalogueRow,
} from './catalogue-row.ts';

/** Providers that make models, and the clouds that sell them. */
export const modelMakers = {
  openai: {
    ...chatAndResponses,
    label: 'OpenAI',
    baseUrl: 'https://api.openai.com/v1',
    key: 'required',
    // Reasoning models refuse `max_tokens`; all models accept the newer name.
    quirks: { outputLimit: 'max_completion_tokens' },
    priceList: 'openai',
  },
  anthropic: {
    ...anthropicMessages,
    label: 'Anthropic',
    baseUrl: 'https://api.anthropic.com/v1',
    key: 'required',
    priceList: 'anthropic',
  },
  // Google's own format, because its OpenAI-compatible endpoint undercounts: its completion tokens exclude thinking,
  // and it does not report cached tokens. Thinking models also refuse a tool result without a signature, which only
  // the native format carries.
  google: {
    ...googleGenerative,
    label: 'Google Gemini',
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
    key: 'required',
  },
  // Express mode: a key instead of a project, one address for all regions, and no list of models.
  // https://cloud.google.com/vertex-ai/generative-ai/docs/start/express-mode/vertex-ai-express-mode-api-reference
  vertex: {
    ...googleGenerative,
    label: 'Google Vertex AI (express)',
    baseUrl: 'https://aiplatform.googleapis.com/v1/publishers/google',
    key: 'required',
    noModelList: true,
    unproven: true,
  },
  // The v1 API is the same as OpenAI's, including errors and usage, except for the key's header. A model is the name
  // of a deployment, and a key cannot list deployments.
  azure: {
    ...chatAndResponses,
    label: 'Azure OpenAI',
    key: 'required',
    keyHeader: { name: 'api-key', prefix: '' },
    noModelList: true,
    quirks: { outputLimit: 'max_completion_tokens' },
    priceList: 'azure',
  },
  // https://docs.aws.amazon.com/bedrock/latest/userguide/inference-chat-completions-mantle.html
  bedrock: {
    ...chatAndResponses,
    label: 'Amazon Bedrock (API key)',
    key: 'required',
    priceList: 'aws',
    unproven: true,
  },
  mistral: {
    ...chat,
    label: 'Mistral',
    baseUrl: 'https://api.mistral.ai/v1',
    key: 'required',
    priceList: 'mistral',
  },
  deepseek: {
    ...chat,
    label: 'DeepSeek',
    baseUrl: 'https://api.deepseek.com/v1',
    key: 'required',
    priceList: 'deepseek',
  },
  xai: {
    ...chatAndResponses,
    label: 'xAI',
    baseUrl: 'https://api.x.ai/v1',
    key: 'required',
    priceList: 'x-ai',
  },
  // The platform in China is at https://api.moonshot.cn/v1, with keys of its own.
  // https://platform.kimi.ai/docs/api/list-models
  moonshot: {
    ...chat,
    label: 'Moonshot AI (Kimi)',
    baseUrl: 'https://api.moonshot.ai/v1',
    asksAddress: true,
    key: 'required',
    unproven: true,
  },
  // The Coding Plan is at https://api.z.ai/api/coding/paas/v4. https://docs.z.ai/guides/develop/openai/python
  zai: {
    ...chat,
    label: 'Z.ai (GLM)',
    baseUrl: 'https://api.z.ai/api/paas/v4',
    asksAddress: true,
    key: 'required',
    unproven: true,
  },
  // The platform in China is at https://api.minimaxi.com/v1, with keys of its own. `max_tokens` is deprecated.
  // https://platform.minimax.io/docs/api-reference/text-openai-api
  minimax: {
    ...chatAndResponses,
    label: 'MiniMax',
    baseUrl: 'https://api.minimax.io/v1',
    asksAddress: true,
    key: 'required',
    quirks: { outputLimit: 'max_completion_tokens' },
    unproven: true,
  },
  // Each region has an address and keys of its own; newer ones name the workspace.
  // https://www.alibabacloud.com/help/en/model-studio/compatibility-of-openai-with-dashscope
  dashscope: {
    ...chat,
    label: 'Alibaba Cloud (DashScope)',
    baseUrl: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
    asksAddress: true,
    key: 'required',
    unproven: true,
  },
  // Its list of models is one of the Agent API, and has none of those that answer chat completions.
  // https://docs.perplexity.ai/api-reference/chat-completions-post, https://docs.perplexity.ai/api-reference/models-get
  perplexity: {
    ...chat,
    label: 'Perplexity',
    baseUrl: 'https://api.perplexity.ai',
    key: 'required',
    noModelList: true,
    priceList: 'perplexity',
    unproven: true,
  },
} as const satisfies Record<string, CatalogueRow>;
