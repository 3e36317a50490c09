import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider';

/** One provider/model. */
export interface Target {
  readonly provider: string;
  readonly model: string;
}

export type FrontDoor = 'ask' | 'languageModel' | 'api' | 'gateway' | 'test';

/** Whose settings narrow a call: a call of the editor is also subject to what its workspace takes away. */
export type CallSource = 'editor' | 'gateway';

/** The neutral prompt: what every dialect can be made from. The words are the AI SDK's. */
export type Prompt = Pick<
  LanguageModelV4CallOptions,
  | 'prompt'
  | 'maxOutputTokens'
  | 'temperature'
  | 'topP'
  | 'stopSequences'
  | 'tools'
  | 'toolChoice'
  | 'reasoning'
>;

/** A request in a dialect's own words, which goes out as it is but for what the guard has to touch. */
export interface PassThroughPrompt {
  /** Only a provider that speaks it can be asked. */
  readonly dialect: string;
  /** A JSON object. */
  readonly body: string;
  /** Headers that belong to the request, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the answer is streamed; else it comes in one piece. */
  readonly streams: boolean;
  /** Estimated on the high side. */
  readonly inputTokens: number;
  /** What the body says, all alternatives that it asks for together. */
  readonly maxOutputTokens?: number;
}

/** What a front door asks: in neutral words, or in a dialect's own. */
export type AnyPrompt = Prompt | PassThroughPrompt;

export function isPassThrough(prompt: AnyPrompt): prompt is PassThroughPrompt {
  return 'body' in prompt;
}

/** Bytes of the answer to a raw prompt, as they came. */
export interface PassThroughPart {
  readonly type: 'bytes';
  readonly bytes: Uint8Array;
  /** Output tokens in them, estimated. */
  readonly tokens: number;
  readonly target: Target;
}

/** One piece of an answer. To a neutral prompt the words are the AI SDK's, as for the prompt. */
export type Part = LanguageModelV4StreamPart | PassThroughPart;

/** One request of a user. All its state lives in it, and nothing of it outlives it. */
export interface Call {
  /** Unique over all windows. */
  readonly id: string;
  readonly frontDoor: FrontDoor;
  readonly source: CallSource;
  /** Who asked, where the front door knows: an extension's id, a tool's name. Self-declared for `api`. */
  readonly caller?: string;
  /** On whose account the call is counted. */
  readonly tenant: string;
  /** One target, or a route's, in the order in which they are tried. */
  readonly targets: readonly [Target, ...Target[]];
  /** The route's name, when `targets` came from one. */
  readonly route?: string;
  readonly prompt: AnyPrompt;
  /** The user, or the client's connection, going away. */
  readonly signal: AbortSignal;
  /** False where a repeated request would act twice. Chat completions may be repeated. */
  readonly idempotent: boolean;
}
