/** A provider's wire format. */
export type Dialect = 'openai-chat';

/** One kind of provider, as data: adding a kind is adding a row. */
export interface CatalogueRow {
  readonly label: string;
  readonly dialect: Dialect;
  /** Undefined where only the user knows it. */
  readonly baseUrl?: string;
  /** Whether a key must, may, or cannot be given. */
  readonly key: 'required' | 'optional' | 'none';
  /** Where a person gets a key. */
  readonly keyUrl?: string;
  /** The kinds of key, as `redaction/detectors.ts` names them, that are this provider's; absent: any may be. */
  readonly keyShapes?: readonly string[];
  /** Loads the model on the first request, so that headers may take minutes. */
  readonly local?: true;
}

/** Base URLs and key shapes as the providers' own documentation gives them (2026-11). */
export const catalogue = {
  openai: {
    label: 'OpenAI',
    dialect: 'openai-chat',
    baseUrl: 'https://api.openai.com/v1',
    key: 'required',
    keyUrl: 'https://platform.openai.com/api-keys',
    keyShapes: ['openai', 'openaiProject'],
  },
  groq: {
    label: 'Groq',
    dialect: 'openai-chat',
    baseUrl: 'https://api.groq.com/openai/v1',
    key: 'required',
    keyUrl: 'https://console.groq.com/keys',
    keyShapes: ['groq'],
  },
  mistral: {
    label: 'Mistral',
    dialect: 'openai-chat',
    baseUrl: 'https://api.mistral.ai/v1',
    key: 'required',
    keyUrl: 'https://console.mistral.ai/api-keys',
    keyShapes: [],
  },
  deepseek: {
    label: 'DeepSeek',
    dialect: 'openai-chat',
    baseUrl: 'https://api.deepseek.com/v1',
    key: 'required',
    keyUrl: 'https://platform.deepseek.com/api_keys',
    keyShapes: ['openai'],
  },
  xai: {
    label: 'xAI',
    dialect: 'openai-chat',
    baseUrl: 'https://api.x.ai/v1',
    key: 'required',
    keyUrl: 'https://console.x.ai',
    keyShapes: ['xai'],
  },
  openrouter: {
    label: 'OpenRouter',
    dialect: 'openai-chat',
    baseUrl: 'https://openrouter.ai/api/v1',
    key: 'required',
    keyUrl: 'https://openrouter.ai/settings/keys',
    keyShapes: ['openrouter'],
  },
  ollama: {
    label: 'Ollama',
    dialect: 'openai-chat',
    baseUrl: 'http://localhost:11434/v1',
    key: 'optional',
    local: true,
  },
  lmstudio: {
    label: 'LM Studio',
    dialect: 'openai-chat',
    baseUrl: 'http://localhost:1234/v1',
    key: 'optional',
    local: true,
  },
  'openai-compatible': { label: 'OpenAI-compatible', dialect: 'openai-chat', key: 'optional' },
  sandbox: { label: 'Sandbox (no key, no network)', dialect: 'openai-chat', key: 'none' },
} as const satisfies Record<string, CatalogueRow>;

export type ProviderKind = keyof typeof catalogue;

export const providerKinds = Object.keys(catalogue) as [ProviderKind, ...ProviderKind[]];

export function rowOf(kind: ProviderKind): CatalogueRow {
  return catalogue[kind];
}
