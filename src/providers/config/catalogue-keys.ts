import { nothingLoaded } from '../../redaction/known-secrets.ts';
import { findSecrets } from '../../redaction/prompt-scan.ts';
import type { Wording } from '../../shared/l10n.ts';
import type { ProviderKind } from './catalogue.ts';

/** What the catalogue knows for the set-up of a kind and its keys. No call needs it, so it is loaded later. */
export interface KeyFacts {
  /** What the address looks like, for a kind whose address only the user knows. */
  readonly baseUrlExample?: string;
  /** The kinds of key that this provider issues, as `redaction/registry.ts` names them; absent if it may be any. */
  readonly keyShapes?: readonly string[];
  /** Where the user gets a key. */
  readonly keyUrl?: string;
  /** The environment variables that hold a key besides `<KIND>_API_KEY`, from which SDKs and tools read it. */
  readonly keyVariables?: readonly string[];
  /** Other names that tools and files use for the kind, in lower case and with `-` between words. */
  readonly otherNames?: readonly string[];
}

const facts: Readonly<Partial<Record<ProviderKind, KeyFacts>>> = {
  openai: {
    keyShapes: ['openai', 'openaiProject'],
    keyUrl: 'https://platform.openai.com/api-keys',
    keyVariables: ['OPENAI_KEY'],
  },
  anthropic: {
    keyShapes: ['anthropic'],
    keyUrl: 'https://console.anthropic.com/settings/keys',
    keyVariables: ['CLAUDE_API_KEY'],
    otherNames: ['claude'],
  },
  google: {
    keyShapes: ['google', 'googleAuth'],
    keyUrl: 'https://aistudio.google.com/apikey',
    keyVariables: [
      'GEMINI_API_KEY',
      'GOOGLE_GENERATIVE_AI_API_KEY',
      'GOOGLE_GENAI_API_KEY',
      'GOOGLE_AI_API_KEY',
      'GOOGLE_GEMINI_API_KEY',
    ],
    otherNames: ['gemini', 'google-ai', 'google-genai', 'google-gemini'],
  },
  vertex: {
    keyShapes: ['google', 'googleAuth'],
    keyUrl: 'https://console.cloud.google.com/vertex-ai/studio/settings/api-keys',
    keyVariables: ['GOOGLE_VERTEX_API_KEY'],
    otherNames: ['vertex-ai', 'vertexai', 'google-vertex', 'google-vertex-ai'],
  },
  azure: {
    baseUrlExample: 'https://<resource>.openai.azure.com/openai/v1',
    keyShapes: ['azure'],
    keyUrl: 'https://ai.azure.com',
    keyVariables: ['AZURE_OPENAI_API_KEY', 'AZURE_OPENAI_KEY'],
    otherNames: ['azure-openai'],
  },
  bedrock: {
    baseUrlExample: 'https://bedrock-mantle.<region>.api.aws/v1',
    keyShapes: ['bedrock', 'bedrockShortTerm'],
    keyUrl: 'https://console.aws.amazon.com/bedrock/home#/api-keys',
    keyVariables: ['AWS_BEARER_TOKEN_BEDROCK', 'BEDROCK_MANTLE_API_KEY'],
    otherNames: ['amazon-bedrock', 'aws-bedrock', 'bedrock-mantle'],
  },
  mistral: {
    keyShapes: [],
    keyUrl: 'https://console.mistral.ai/api-keys',
    otherNames: ['mistralai', 'mistral-ai'],
  },
  deepseek: {
    keyShapes: ['openai'],
    keyUrl: 'https://platform.deepseek.com/api_keys',
  },
  xai: {
    keyShapes: ['xai'],
    keyUrl: 'https://console.x.ai',
    keyVariables: ['GROK_API_KEY'],
    otherNames: ['grok', 'x-ai'],
  },
  moonshot: {
    keyShapes: ['openai'],
    keyUrl: 'https://platform.kimi.ai/console/api-keys',
    keyVariables: ['KIMI_API_KEY'],
    otherNames: ['moonshotai', 'moonshot-ai', 'kimi'],
  },
  zai: {
    keyShapes: [],
    keyUrl: 'https://z.ai/manage-apikey/apikey-list',
    keyVariables: ['Z_AI_API_KEY'],
    otherNames: ['z-ai', 'z.ai'],
  },
  minimax: {
    keyUrl: 'https://platform.minimax.io/user-center/basic-information/interface-key',
  },
  dashscope: {
    keyShapes: ['openai'],
    keyUrl: 'https://modelstudio.console.alibabacloud.com/?tab=dashboard#/api-key',
    keyVariables: ['ALIBABA_API_KEY', 'QWEN_API_KEY'],
    otherNames: ['alibaba', 'qwen', 'model-studio'],
  },
  perplexity: {
    keyShapes: ['perplexity'],
    keyUrl: 'https://www.perplexity.ai/account/api/keys',
    keyVariables: ['PERPLEXITYAI_API_KEY', 'PPLX_API_KEY'],
    otherNames: ['perplexity-ai', 'perplexityai', 'pplx'],
  },
  openrouter: {
    keyShapes: ['openrouter'],
    keyUrl: 'https://openrouter.ai/settings/keys',
    otherNames: ['open-router'],
  },
  groq: {
    keyShapes: ['groq'],
    keyUrl: 'https://console.groq.com/keys',
  },
  together: {
    keyShapes: ['together'],
    keyUrl: 'https://api.together.ai/settings/api-keys',
    keyVariables: ['TOGETHER_AI_API_KEY', 'TOGETHERAI_API_KEY'],
    otherNames: ['together-ai', 'togetherai'],
  },
  fireworks: {
    keyShapes: ['fireworks'],
    keyUrl: 'https://app.fireworks.ai/settings/users/api-keys',
    keyVariables: ['FIREWORKS_AI_API_KEY'],
    otherNames: ['fireworks-ai'],
  },
  cerebras: {
    keyShapes: ['cerebras'],
    keyUrl: 'https://cloud.cerebras.ai',
  },
  nvidia: {
    keyShapes: ['nvidia'],
    keyUrl: 'https://build.nvidia.com/settings/api-keys',
    keyVariables: ['NVIDIA_NIM_API_KEY'],
    otherNames: ['nvidia-nim', 'nim'],
  },
  huggingface: {
    keyShapes: ['huggingFace'],
    keyUrl: 'https://huggingface.co/settings/tokens',
    keyVariables: [
      'HF_TOKEN',
      'HF_API_KEY',
      'HF_API_TOKEN',
      'HUGGINGFACEHUB_API_TOKEN',
      'HUGGING_FACE_HUB_TOKEN',
    ],
    otherNames: ['hugging-face', 'hf'],
  },
  sambanova: {
    keyShapes: [],
    keyUrl: 'https://cloud.sambanova.ai/apis',
  },
  'github-models': {
    keyShapes: ['github', 'githubFineGrained', 'githubInstallation'],
    keyUrl: 'https://github.com/settings/personal-access-tokens/new',
    keyVariables: ['GITHUB_MODELS_TOKEN'],
  },
  'vercel-ai-gateway': {
    keyShapes: ['vercelGateway'],
    keyUrl: 'https://vercel.com/d?to=%2F%5Bteam%5D%2F%7E%2Fai%2Fapi-keys',
    keyVariables: ['AI_GATEWAY_API_KEY'],
    otherNames: ['ai-gateway', 'vercel-gateway'],
  },
  litellm: {
    keyVariables: ['LITELLM_MASTER_KEY', 'LITELLM_PROXY_API_KEY'],
    otherNames: ['litellm-proxy'],
  },
  lmstudio: {
    keyVariables: ['LM_STUDIO_API_KEY', 'LM_API_TOKEN'],
    otherNames: ['lm-studio'],
  },
  llamacpp: {
    otherNames: ['llama-cpp', 'llama.cpp', 'llama-server'],
  },
};

export function keyFacts(kind: ProviderKind): KeyFacts {
  return facts[kind] ?? {};
}

/** The kind of the key by its shape, if only another provider issues such keys. */
export function foreignKey(kind: ProviderKind, key: string): Wording | undefined {
  const own = keyFacts(kind).keyShapes;
  const [found] = findSecrets(key, nothingLoaded);
  if (own === undefined || found?.index !== 0) return undefined;
  return own.includes(found.kind) ? undefined : found.label;
}
