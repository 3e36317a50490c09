import type { CapKind, TokenScope } from './caps.ts';
import type { JsonObject } from '../shared/json-members.ts';
import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider';

/** One provider/model. */
export interface Target {
  readonly provider: string;
  readonly model: string;
}

export type FrontDoor = 'ask' | 'languageModel' | 'api' | 'gateway' | 'test';

/** Where a call comes from. A workspace narrows the calls of its own editor only. */
export type CallSource = 'editor' | 'gateway';

/** A prompt that is translated into each dialect. The types are the AI SDK's. */
export type Prompt = Pick<
  LanguageModelV4CallOptions,
  | 'prompt'
  | 'maxOutputTokens'
  | 'temperature'
  | 'topP'
  | 'topK'
  | 'presencePenalty'
  | 'frequencyPenalty'
  | 'seed'
  | 'stopSequences'
  | 'tools'
  | 'toolChoice'
  | 'responseFormat'
  | 'reasoning'
  | 'providerOptions'
> & { readonly controls?: PromptControls };

/** Wishes that the AI SDK has no option of its own for. Each dialect turns them into options of its provider. */
export interface PromptControls {
  /** The most tokens to think with. Without it `reasoning` says how hard to think. */
  readonly thinkingTokens?: number;
  /** False: an answer may have one tool call at most. */
  readonly parallelToolCalls?: boolean;
  /** False: the schema of an answer in JSON is a hint. */
  readonly strictSchema?: boolean;
  readonly verbosity?: 'low' | 'medium' | 'high';
}

/**
 * What a pass-through request asks for, other than an answer to messages. `count`: the tokens of such a request, which
 * costs nothing.
 */
export type Operation = 'count' | 'embeddings' | 'completions';

/** A request in a dialect. It is sent unchanged, except for what the guard must set. */
export interface PassThroughPrompt {
  /** Only a provider that speaks this dialect can get the request. */
  readonly dialect: string;
  readonly operation?: Operation;
  readonly body: JsonObject;
  /** Headers of the request, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** False if the answer comes in one piece. */
  readonly streams: boolean;
  /** The models that tools of the provider may call. Policy has to allow them, too. */
  readonly toolModels?: readonly string[];
  /** A high estimate. */
  readonly inputTokens: number;
  /** The body's own limit, for all alternatives that it asks for together. */
  readonly maxOutputTokens?: number;
  /** The same request for the targets of a route that do not speak the dialect. Without it they cannot get it. */
  readonly translated?: Prompt;
  /** How many answers the body asks for, if its `n` is not the number. */
  readonly answers?: number;
}

/** What a front door sends. */
export type AnyPrompt = Prompt | PassThroughPrompt;

export function isPassThrough(prompt: AnyPrompt): prompt is PassThroughPrompt {
  return 'body' in prompt;
}

/** Whether the prompt only asks for the number of its tokens. */
export function isCount(prompt: AnyPrompt): boolean {
  return isPassThrough(prompt) && prompt.operation === 'count';
}

/** Unchanged bytes of the answer to a pass-through prompt. */
export interface PassThroughPart {
  readonly type: 'bytes';
  readonly bytes: Uint8Array;
  /** The estimated output tokens in the bytes. */
  readonly tokens: number;
  readonly target: Target;
  /** The provider's headers that the client gets, too. */
  readonly headers?: Readonly<Record<string, string>>;
  /** These bytes are the end marker of a stream: a client is done when it has them. */
  readonly isMarker?: true;
}

/** One piece of an answer. For a translated prompt the types are the AI SDK's. */
export type Part = LanguageModelV4StreamPart | PassThroughPart;

/** What the token of the gateway that a call came with allows. */
export interface CallToken extends TokenScope {
  /** Caps of a day. */
  readonly caps: Readonly<Partial<Record<CapKind, number>>>;
  /** Patterns of models, with or without their provider. Empty: all. They can only take models away. */
  readonly models: readonly string[];
}

/** One request of a user. All its state belongs to it and ends with it. */
export interface Call {
  /** Unique over all windows. */
  readonly id: string;
  readonly frontDoor: FrontDoor;
  readonly source: CallSource;
  /** Who asked, if the front door knows: an extension's ID or a tool's name. Self-declared for `api`. */
  readonly caller?: string;
  /** The account that the call is counted on. */
  readonly tenant: string;
  /** One target, or those of a route in the order in which they are tried. */
  readonly targets: readonly [Target, ...Target[]];
  /** The name of the route that `targets` came from. */
  readonly route?: string;
  /** The name that the client asked for. */
  readonly asked?: string;
  readonly token?: CallToken;
  /** The session of the tool, as the audit trail shows it. */
  readonly session?: string;
  readonly prompt: AnyPrompt;
  /** Aborts when the user or the client goes away. */
  readonly signal: AbortSignal;
  /** False if a repeated request would act twice. Chat completions may be repeated. */
  readonly idempotent: boolean;
  /**
   * Whether the front door has seen this final refusal before: tools repeat requests. Called once for such a refusal. A
   * repeated one counts in no figure.
   */
  readonly isRepeated?: (reason: string, target: Target) => boolean;
  /** Called once, before the first part: the target whose answer follows. */
  readonly onServed?: (target: Target) => void;
}
