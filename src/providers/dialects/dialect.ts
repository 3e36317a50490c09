import type { LanguageModelV4 } from '@ai-sdk/provider';
import type { Operation, Prompt } from '../../guard/call.ts';
import type { ReportedUsage } from '../../guard/sender-port.ts';
import type { JsonObject } from '../../shared/json-members.ts';
import type { Fit } from '../translation/fitting.ts';
import type { OutputLimitName } from './quirks.ts';

/**
 * A provider's wire format. Each folder beside this file defines one dialect in `definition.ts`, with one file per
 * concern. `dialects.ts` lists the definitions.
 */
export interface DialectDefinition {
  /** Loads the AI SDK's package. It is large, so it is loaded when the dialect sends its first translated prompt. */
  readonly loadModel: () => Promise<DialectModel>;
  /** Loads the step that makes a prompt fit the dialect and the package. */
  readonly loadFit: () => Promise<Fit>;
  /** Kinds of the package's custom parts that carry no content for the user. */
  readonly emptyParts?: ReadonlySet<string>;
  readonly end: AnswerEnd;
  /** Members of an answer, or of an event of one, that no error has. */
  readonly answerMembers: readonly string[];
  readonly usage: UsageFormat;
  /** Where the API lists its models, all on one page. Appended to the base URL. */
  readonly listPath: string;
  /**
   * Bytes of content in one event of a streamed answer; 0 for an event without content, such as a role alone, the
   * beginning of a block or a ping.
   */
  readonly contentBytes: (json: unknown) => number;
  /** Makes the events of one answer such that the AI SDK can read them. An event that it can read stays as it is. */
  readonly sdkEvents: () => SdkEvents;
  /** What the API refuses in a body with this prompt, whose members may come from the settings. */
  readonly fitBody?: (prompt: Prompt) => BodyChange | undefined;
  /** Absent for a dialect in which the gateway passes no requests through. */
  readonly passThrough?: PassThroughFormat;
}

/** The parsed data of an event. */
export type JsonEvent = Readonly<Record<string, unknown>>;

/** The events that the AI SDK gets in place of the next event of an answer. */
export type SdkEvents = (event: JsonEvent) => readonly JsonEvent[];

/** Makes a model of the AI SDK that sends its one request through the wire. */
export type DialectModel = (request: ModelRequest) => Pick<LanguageModelV4, 'doStream'>;

export interface ModelRequest {
  readonly baseUrl: string;
  readonly model: string;
  readonly prompt: Prompt;
  readonly wire: ModelWire;
  readonly outputLimit: OutputLimitName;
  /** Whether the request may ask for usage with a field that not every server knows. */
  readonly asksForUsage: boolean;
  readonly reasoningHabit?: ReasoningHabit;
  /** Members of the body from the settings of the model. */
  readonly body?: RequestBody | undefined;
}

/**
 * What a server was seen to want of the reasoning in earlier answers: some in each of them, or none at all. Undefined
 * until it refuses a request.
 */
export type ReasoningHabit = 'fill' | 'omit' | undefined;

/** The body of a request that the AI SDK made. */
export type RequestBody = Readonly<Record<string, unknown>>;

/** Changes a body before it is sent. */
export type BodyChange = (body: RequestBody) => RequestBody;

/** The part of a wire that a model uses. It puts in the real key, so models get the key `placeholder`. */
export interface ModelWire {
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
}

/** How a streamed answer ends. */
export interface AnswerEnd {
  readonly mark: (event: JsonEvent) => EndMark;
  /** Why the model stopped, in the provider's own word: of an event, or of an answer in one piece. */
  readonly reason: (answer: JsonEvent) => unknown;
  /** The data of an end marker that is not JSON. */
  readonly bareMarker?: string;
  /** Matches the text of every event that can be an error, report usage or end the answer; see `significantWords`. */
  readonly significant: RegExp;
}

/**
 * What one event says about the end of the answer. `over`: the answer is complete and nothing that follows belongs to
 * it. `finished`: the answer is complete when the stream ends, and more may come until then. `failed`: the answer ends
 * here with the provider's error.
 */
export type EndMark = 'over' | 'finished' | 'failed' | undefined;

/** How an answer reports its usage. */
export interface UsageFormat {
  /** The members of an event that may hold counts. Most events have none, and to read those costs time. */
  readonly members: readonly string[];
  /** The counts in one event, or in a whole JSON answer; undefined if it reports none. */
  readonly counts: (answer: unknown) => Counts | undefined;
  /** The counts after a later event; absent if each count is the largest that was reported. */
  readonly merge?: (earlier: Counts, later: Counts) => Counts;
  readonly sum: (counts: Counts) => ReportedUsage;
}

/** Counts of tokens, and a cost in micro-dollars, under names of the dialect's own. */
export type Counts = Readonly<Record<string, number | undefined>>;

/** How a client's own request goes to the provider, and its answer back. */
export interface PassThroughFormat {
  /** Appended to the base URL. */
  readonly path: string;
  /** What stands for `{model}` in the paths, for an API that has the model there and not in the body. */
  readonly modelInPath?: (model: string) => string;
  /** The same for an answer in a stream, if that has a path of its own. */
  readonly streamPath?: string;
  /** The other requests that the API may have. */
  readonly operations?: Readonly<Partial<Record<Operation, OperationFormat>>>;
  /** What the request calls the limit of its output, if it differs from the names of chat completions. */
  readonly limitName?: 'max_output_tokens';
  /**
   * The members, as JSON text, that limit the output of a request without a limit, for an API that has the limit deeper
   * in the request. Undefined if the request has one.
   */
  readonly limit?: (body: JsonObject, tokens: number) => Readonly<Record<string, string>> | undefined;
  /** Absent for an API that always reports usage. */
  readonly usageOption?: UsageOption;
}

/** A request that does not ask for an answer to messages. */
export interface OperationFormat {
  readonly path: string;
  /**
   * Members of an answer in one piece that has no text, such as embeddings, and so no output tokens. Absent for an
   * answer in the form of an answer to messages.
   */
  readonly answerMembers?: readonly string[];
  /** The body that the API takes, if it is not that of a request for an answer. */
  readonly bodyOf?: (body: JsonObject, model: string) => Uint8Array;
}

/** The option with which a request asks for usage in a streamed answer. */
export interface UsageOption {
  readonly name: string;
  /** The option's value with which the request asks; undefined if `value`, the client's own, asks already. */
  readonly ask: (value: unknown) => object | undefined;
  /** Whether the event is the one that reports the usage and nothing else. */
  readonly isUsageAlone: (event: unknown) => boolean;
}
