import type { OutputLimitName } from '../dialects/dialect.ts';
import type { WireDialect } from '../dialects/dialects.ts';

/** A provider's wire format; `editor` speaks none, but is asked through the editor's own API. */
export type Dialect = WireDialect | 'editor';

/** The header that carries a key, and what stands before the key in it. */
export interface KeyHeader {
  /** In lower case. */
  readonly name: string;
  readonly prefix: string;
}

/** One kind of provider, as data: adding a kind is adding a row. */
export interface CatalogueRow {
  readonly label: string;
  readonly dialect: Dialect;
  /** Dialects that its API speaks beside that one; a provider's settings may choose one of them. */
  readonly alsoSpeaks?: readonly WireDialect[];
  /** Undefined where only the user knows it. */
  readonly baseUrl?: string;
  /** It has no address that a user could give. */
  readonly noAddress?: true;
  /** Whether a key must, may, or cannot be given. */
  readonly key: 'required' | 'optional' | 'none';
  readonly keyHeader: KeyHeader;
  /** Headers that go with every request, names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** No list says what a key may call. */
  readonly noModelList?: true;
  /** Where a person gets a key. */
  readonly keyUrl?: string;
  /** The kinds of key, as `redaction/detectors.ts` names them, that are this provider's; absent: any may be. */
  readonly keyShapes?: readonly string[];
  /** Loads the model on the first request, so that headers may take minutes. */
  readonly local?: true;
  readonly outputLimit?: OutputLimitName;
  /** Its id in the public list of prices (`@pydantic/genai-prices`); absent where nobody can know a price. */
  readonly priceList?: string;
}

const bearer: KeyHeader = { name: 'authorization', prefix: 'Bearer ' };
const anthropicKey: KeyHeader = { name: 'x-api-key', prefix: '' };
// The SDK sends it with a prompt; a list of models needs it too (Anthropic's API reference, 'Versions').
const anthropicHeaders = { 'anthropic-version': '2023-06-01' };
const chat = { dialect: 'openai-chat', keyHeader: bearer } as const;
// Where an API speaks both, chat completions are the usual ones: every server has them, and the same ones.
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
    // Models that reason refuse `max_tokens`; all models take the newer name.
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
  // Google's OpenAI-compatible endpoint leaves thinking out of the completion tokens and says nothing of cached
  // ones, so that it would undercount; and models that think refuse a tool's result without the signature that
  // only the native format keeps. So it is spoken to in its own format.
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
  // Its v1 API (`https://<resource>.openai.azure.com/openai/v1`) is OpenAI's own, errors and usage included, but
  // for the key's header; a model is the name of a deployment, and no list of these can be had with a key.
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
    priceList: 'openrouter',
  },
  ollama: {
    ...chatAndResponses,
    label: 'Ollama',
    baseUrl: 'http://localhost:11434/v1',
    key: 'optional',
    local: true,
  },
  lmstudio: {
    ...chatAndResponses,
    label: 'LM Studio',
    baseUrl: 'http://localhost:1234/v1',
    key: 'optional',
    local: true,
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
  sandbox: { ...chat, label: 'Sandbox (no key, no network)', noAddress: true, key: 'none' },
} as const satisfies Record<string, CatalogueRow>;

export type ProviderKind = keyof typeof catalogue;

export const providerKinds = Object.keys(catalogue) as [ProviderKind, ...ProviderKind[]];

export function providerKind(kind: ProviderKind): CatalogueRow {
  return catalogue[kind];
}

/** Every dialect that a kind speaks, its usual one first. */
export function dialectsOf(kind: ProviderKind): readonly Dialect[] {
  const { dialect, alsoSpeaks = [] } = providerKind(kind);
  return [dialect, ...alsoSpeaks];
}
