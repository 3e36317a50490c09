import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider';

/** One provider/model. `model` is the id as the provider's own request body names it. */
export interface Target {
  readonly provider: string;
  readonly model: string;
}

export type FrontDoor = 'ask' | 'languageModel' | 'api' | 'gateway' | 'test';

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

/** One piece of an answer. The words are the AI SDK's, as for the prompt. */
export type Part = LanguageModelV4StreamPart;

/** One request of a user. All its state lives in it, and nothing of it outlives it. */
export interface Call {
  /** Unique over all windows. */
  readonly id: string;
  readonly frontDoor: FrontDoor;
  /** Who asked, where the front door knows: an extension's id, a tool's name. Self-declared for `api`. */
  readonly caller?: string;
  /** On whose account the call is counted. */
  readonly tenant: string;
  /** One target, or a route's, in the order in which they are tried. */
  readonly targets: readonly [Target, ...Target[]];
  /** The route's name, when `targets` came from one. */
  readonly route?: string;
  readonly prompt: Prompt;
  /** The user, or the client's connection, going away. */
  readonly signal: AbortSignal;
  /** False where a repeated request would act twice. Chat completions may be repeated. */
  readonly idempotent: boolean;
}
