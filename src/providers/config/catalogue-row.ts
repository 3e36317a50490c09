import type { Quirks } from '../dialects/quirks.ts';
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
  /** The set-up asks for the address, because it differs by machine, region or plan. */
  readonly asksAddress?: true;
  /** The kind has no address that a user could enter. */
  readonly noAddress?: true;
  /** Whether the user must, may or cannot enter a key. */
  readonly key: 'required' | 'optional' | 'none';
  readonly keyHeader: KeyHeader;
  /** Headers of every request, names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The API cannot list the models that a key may call. */
  readonly noModelList?: true;
  /** The path of the list of models from the root of the server, where it is not below the base URL. */
  readonly modelListPath?: string;
  /** A local server loads the model on the first request, so headers may take minutes. */
  readonly local?: true;
  /** What its servers take that others do not, or do not take that others do. */
  readonly quirks?: Partial<Quirks>;
  /** Its calls cost nothing, unless the settings have a price. */
  readonly isFree?: true;
  /** The names of models whose calls cost nothing. */
  readonly freeModels?: RegExp;
  /** The id in the public list of prices (`@pydantic/genai-prices`); absent to look prices up by the address. */
  readonly priceList?: string;
  /** The row follows the provider's documentation, and was not yet used with a real key or server. */
  readonly unproven?: true;
}

export const bearer: KeyHeader = { name: 'authorization', prefix: 'Bearer ' };

export const chat = { dialect: 'openai-chat', keyHeader: bearer } as const;

// Chat completions are the default where an API supports both: servers differ less in them.
export const chatAndResponses = { ...chat, alsoSpeaks: ['openai-responses'] } as const;

export const anthropicMessages = {
  dialect: 'anthropic-messages',
  keyHeader: { name: 'x-api-key', prefix: '' },
  // The SDK sends this header with a prompt. A list of models needs it too (Anthropic's API reference, 'Versions').
  headers: { 'anthropic-version': '2023-06-01' },
} as const;

export const googleGenerative = {
  dialect: 'google-generative',
  keyHeader: { name: 'x-goog-api-key', prefix: '' },
  priceList: 'google',
} as const;
