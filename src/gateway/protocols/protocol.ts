import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import type { Prompt } from '../../guard/call.ts';
import type { Loss } from '../../providers/translation/losses.ts';
import type { Result } from '../../shared/result.ts';
import type { Work } from '../../shared/slices.ts';

/** What a client of the gateway speaks. A provider of the dialect with the same name gets its requests unchanged. */
export type ProtocolName = 'openai-chat' | 'openai-responses' | 'anthropic-messages' | 'google-generative';

/** What an error says in every protocol. */
export interface ErrorFacts {
  readonly status: number;
  /** A stable code for programs. */
  readonly code: string;
  /** A message for the user. It contains no secret, no prompt and no reply. */
  readonly message: string;
}

/** A request that cannot be translated. The message names the field. */
export type DecodeError = ErrorFacts & { readonly status: 400 };

/** A tool as its client knows it, if the prompt has it under another name or in another form. */
export interface ClientTool {
  readonly name: string;
  /** Responses only: the group that the client lists it in. */
  readonly namespace?: string;
  /** It takes free text. In the prompt it is a function with one text, `input`. */
  readonly isCustom?: true;
}

/** A request of a client, in a form that every dialect can be made from. */
export interface DecodedRequest {
  readonly prompt: Prompt;
  /** What the prompt has no place for. */
  readonly losses: readonly Loss[];
  readonly reply: ReplyOptions;
}

/** What the encoder has to know of the request. */
export interface ReplyOptions {
  /** By their names in the prompt. */
  readonly tools: ReadonlyMap<string, ClientTool>;
  /** Chat completions only: the stream ends with an event about usage. */
  readonly wantsUsage: boolean;
}

/** What an encoder knows before the answer begins. */
export interface ReplyContext extends ReplyOptions {
  /** Unique; each protocol puts its own prefix before it. */
  readonly id: string;
  /** As the client named it. */
  readonly model: string;
  readonly createdMs: number;
  /** The target that answers, `provider/model`. */
  readonly servedBy: string;
  /** The input tokens as the guard estimates them, for a protocol that reports them first. */
  readonly inputTokens: number;
}

/** A part of a translated answer. The end and errors come from the guard. */
export type AnswerPart = Exclude<LanguageModelV4StreamPart, { type: 'error' | 'raw' }>;

/** The end of a translated answer that the guard calls complete. Absent figures were not reported. */
export interface AnswerEnd {
  readonly reason: 'stop' | 'length' | 'content-filter' | 'tool-calls' | 'other';
  /** The text at which the model stopped, where the provider names it. */
  readonly stopSequence?: string;
  readonly usage: AnswerUsage;
}

/** Tokens as the guard counted them: never 0 for a call that a provider answered. */
export interface AnswerUsage {
  /** Includes those that were read from the provider's cache or written to it. */
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly cacheWriteTokens: number;
  /** Includes reasoning. */
  readonly outputTokens: number;
  readonly reasoningTokens: number;
}

/** Writes one streamed answer. Every method returns the text of its events, which may be empty. */
export interface StreamEncoder {
  part(part: AnswerPart): string;
  end(end: AnswerEnd): string;
}

/** A client's protocol: one decoder and one encoder, both pure. */
export interface Protocol {
  /** In steps, because a conversation may have many messages. */
  readonly decode: (body: unknown) => Work<Result<DecodedRequest, DecodeError>>;
  readonly stream: (context: ReplyContext) => StreamEncoder;
  /** The answer in one piece. */
  readonly whole: (parts: readonly AnswerPart[], end: AnswerEnd, context: ReplyContext) => object;
  /** An answer may have files. */
  readonly hasFiles?: true;
}
