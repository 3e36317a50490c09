import type { OutputLimitName } from '../dialects/dialect.ts';
import type { WireDialect } from '../dialects/dialects.ts';

/** A provider's dialect. `editor` has no wire format: its models are called through VS Code's API. */
export type Dialect = WireDialect | 'editor';

/** The header that carries a key, and the text before the key. */
export interface KeyHeader {
  /** In lower case. */
  readonly name: string;
  readonly prefix: string;
}

/** One kind of provider, as data. To add a kind, add a row. */
export interface CatalogueRow {
  readonly label: string;
  readonly dialect: Dialect;
  /** Other dialects that the API supports. A provider's settings may choose one of them. */
  readonly alsoSpeaks?: readonly WireDialect[];
  /** Absent if only the user knows it. */
  readonly baseUrl?: string;
  /** The kind has no address that a user could enter. */
  readonly noAddress?: true;
  /** Whether the user must, may or cannot enter a key. */
  readonly key: 'required' | 'optional' | 'none';
  readonly keyHeader: KeyHeader;
  /** Headers of every request, names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The API cannot list the models that a key may call. */
  readonly noModelList?: true;
  /** Where the user gets a key. */
  readonly keyUrl?: string;
  /** The kinds of key that this provider issues, as `redaction/registry.ts` names them; absent if it may be any. */
  readonly keyShapes?: readonly string[];
  /** A local server loads the model on the first request, so headers may take minutes. */
  readonly local?: true;
  readonly outputLimit?: OutputLimitName;
  /** Its calls cost nothing, unless the settings have a price. */
  readonly isFree?: true;
  /** The names of models whose calls cost nothing. */
  readonly freeModels?: RegExp;
  /** The id in the public list of prices (`@pydantic/genai-prices`); absent if the price cannot be known. */
  readonly priceList?: string;
}

const bearer: KeyHeader = { name: 'authorization', prefix: 'Bearer ' };
const anthropicKey: KeyHeader = { name: 'x-api-key', prefix: '' };
// The SDK sends this header with a prompt. A list of models needs it too (Anthropic's API reference, 'Versions').
const anthropicHeaders = { 'anthropic-version': '2023-06-01' };
const chat = { dialect: 'openai-chat', keyHeader: bearer } as const;
// Chat completions are the default where an API supports both: servers differ less in them.
const chatAndResponses = { ...chat, alsoSpeaks: ['openai-responses'] } as const;

/** Base URLs, headers and key shapes as the providers' own documentation gives them (2026-11). */
export const catalogue = {
  openai: {
    ...chatAndResponses,
    label: 'OpenAI',
    baseUrl: 'https://api.openai.com/v1',
    key: 'required',
    keyUrl: 'https://platform.openai.com/api-keys',
    keyShapes: ['openai', 'openaiProject'],
    // Reasoning models refuse `max_tokens`; all models accept the newer name.
    outputLimit: 'max_completion_tokens',
    priceList: 'openai',
  },
  anthropic: {
    label: 'Anthropic',
    dialect: 'anthropic-messages',
    baseUrl: 'https://api.anthropic.com/v1',
    key: 'required',
    keyHeader: anthropicKey,
    headers: anthropicHeaders,
    keyUrl: 'https://console.anthropic.com/settings/keys',
    keyShapes: ['anthropic'],
    priceList: 'anthropic',
  },
  // Google's own format, because its OpenAI-compatible endpoint undercounts: its completion tokens exclude thinking,
  // and it does not report cached tokens. Thinking models also refuse a tool result without a signature, which only
  // the native format carries.
  google: {
    label: 'Google Gemini',
    dialect: 'google-generative',
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
    key: 'required',
    keyHeader: { name: 'x-goog-api-key', prefix: '' },
    keyUrl: 'https://aistudio.google.com/apikey',
    keyShapes: ['google', 'googleAuth'],
    priceList: 'google',
  },
  // The v1 API (`https://<resource>.openai.azure.com/openai/v1`) is the same as OpenAI's, including errors and usage,
  // except for the key's header. A model is the name of a deployment, and a key cannot list deployments.
  azure: {
    ...chatAndResponses,
    label: 'Azure OpenAI',
    key: 'required',
    keyHeader: { name: 'api-key', prefix: '' },
    noModelList: true,
    keyUrl: 'https://ai.azure.com',
    keyShapes: ['azure'],
    outputLimit: 'max_completion_tokens',
    priceList: 'azure',
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
  mistral: {
    ...chat,
    label: 'Mistral',
    baseUrl: 'https://api.mistral.ai/v1',
    key: 'required',
    keyUrl: 'https://console.mistral.ai/api-keys',
    keyShapes: [],
    priceList: 'mistral',
  },
  deepseek: {
    ...chat,
    label: 'DeepSeek',
    baseUrl: 'https://api.deepseek.com/v1',
    key: 'required',
    keyUrl: 'https://platform.deepseek.com/api_keys',
    keyShapes: ['openai'],
    priceList: 'deepseek',
  },
  xai: {
    ...chatAndResponses,
    label: 'xAI',
    baseUrl: 'https://api.x.ai/v1',
    key: 'required',
    keyUrl: 'https://console.x.ai',
    keyShapes: ['xai'],
    priceList: 'x-ai',
  },
  openrouter: {
    ...chatAndResponses,
    label: 'OpenRouter',
    baseUrl: 'https://openrouter.ai/api/v1',
    key: 'required',
    keyUrl: 'https://openrouter.ai/settings/keys',
    keyShapes: ['openrouter'],
    // Its documentation, 'Model variants'.
    freeModels: /:free$/i,
    priceList: 'openrouter',
  },
  ollama: {
    ...chatAndResponses,
    label: 'Ollama',
    baseUrl: 'http://localhost:11434/v1',
    key: 'optional',
    local: true,
    isFree: true,
  },
  lmstudio: {
    ...chatAndResponses,
    label: 'LM Studio',
    baseUrl: 'http://localhost:1234/v1',
    key: 'optional',
    local: true,
    isFree: true,
  },
  'openai-compatible': { ...chatAndResponses, label: 'OpenAI-compatible', key: 'optional' },
  'anthropic-compatible': {
    label: 'Anthropic-compatible',
    dialect: 'anthropic-messages',
    key: 'optional',
    keyHeader: anthropicKey,
    headers: anthropicHeaders,
  },
  editor: {
    label: 'Another model in VS Code',
    dialect: 'editor',
    noAddress: true,
    key: 'none',
    keyHeader: bearer,
  },
  sandbox: { ...chat, label: 'Sandbox (no key, no network)', noAddress: true, key: 'none', isFree: true },
} as const satisfies Record<string, CatalogueRow>;

export type ProviderKind = keyof typeof catalogue;

export const providerKinds = Object.keys(catalogue) as [ProviderKind, ...ProviderKind[]];

export function providerKind(kind: ProviderKind): CatalogueRow {
  return catalogue[kind];
}

/** Every dialect that a kind supports, the default first. */
export function dialectsOf(kind: ProviderKind): readonly Dialect[] {
  const { dialect, alsoSpeaks = [] } = providerKind(kind);
  return [dialect, ...alsoSpeaks];
}

/** The dialects that settings can choose: those of kinds that support several. */
export const choosableDialects = [
  ...new Set(
    providerKinds
      .map(dialectsOf)
      .filter(({ length }) => length > 1)
      .flat(),
  ),
] as [Dialect, ...Dialect[]];
