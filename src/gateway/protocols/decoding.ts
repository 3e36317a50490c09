import type {
  LanguageModelV4Message,
  LanguageModelV4ToolResultPart,
  SharedV4ProviderOptions,
} from '@ai-sdk/provider';
import * as z from 'zod';
import {
  fieldLosses,
  fieldName,
  lossOf,
  type Loss,
  type PartLoss,
} from '../../providers/translation/losses.ts';
import { isObject } from '../../shared/json.ts';
import { gatewayLimits, jsonLimits } from '../../shared/limits.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { Work } from '../../shared/slices.ts';
import type { ClientTool, DecodedRequest, DecodeError, ProtocolName } from './protocol.ts';
import { unreadFields } from './unread-fields.ts';

/** What a decoder collects on its way through one request: what is lost, and why the request is refused. */
export class Decoding {
  readonly #protocol: ProtocolName;
  readonly #losses = new Set<Loss>();
  #error: DecodeError | undefined;
  /** The names of tools by the ids of their calls. */
  readonly toolNames = new Map<string, string>();
  readonly tools = new Map<string, ClientTool>();

  constructor(protocol: ProtocolName) {
    this.#protocol = protocol;
  }

  lose(kind: PartLoss, detail?: string): void {
    this.drop(lossOf(kind, detail === undefined ? undefined : fieldName(detail)));
  }

  /** A field that is left out. */
  drop(...fields: readonly Loss[]): void {
    for (const field of fields) {
      // The log names some, not as many as a client can think of.
      if (this.#losses.size < jsonLimits.lostNames) this.#losses.add(field);
    }
  }

  /** The first refusal is the answer. */
  refuse(field: string, why = 'It cannot be translated for a provider with another protocol.'): void {
    const message = `The field '${field.slice(0, gatewayLimits.shownFieldChars)}' is not supported. ${why}`;
    this.#error ??= { status: 400, code: 'unsupported_field', message };
  }

  /**
   * The value in its shape, with the table of losses applied to the fields that the shape does not have. Undefined, and
   * a refusal, for a value of another shape. An error never quotes the value.
   */
  read<T>(schema: z.ZodType<T>, value: unknown, place: string, index?: number): T | undefined {
    const parsed = schema.safeParse(value);
    if (parsed.success) {
      const { losses, refused } = fieldLosses(this.#protocol, unreadFields(schema, parsed.data, place));
      this.drop(...losses);
      if (refused !== undefined) this.refuse(refused);
      return parsed.data;
    }
    const [issue] = parsed.error.issues;
    const path = [place, index, ...(issue?.path ?? [])]
      .filter((each) => each !== '' && each !== undefined)
      .join('.');
    const message = `${path === '' ? 'body' : path.slice(0, gatewayLimits.shownPathChars)}: ${issue?.message ?? 'invalid'}`;
    this.#error ??= { status: 400, code: 'invalid_request', message };
    return undefined;
  }

  /** Each item of a list in its shape, until one has another shape. */
  *items<T>(
    schema: z.ZodType<T>,
    values: readonly unknown[],
    place: string,
    add: (item: T) => void,
  ): Work<void> {
    for (const [index, value] of values.entries()) {
      const item = this.read(schema, value, place, index);
      if (item === undefined) return;
      add(item);
      yield;
    }
  }

  result(prompt: DecodedRequest['prompt'], wantsUsage = false): Result<DecodedRequest, DecodeError> {
    if (this.#error !== undefined) return err(this.#error);
    return ok({ prompt, losses: [...this.#losses], reply: { tools: this.tools, wantsUsage } });
  }
}

/** The members with a value. */
export function defined<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], null | undefined> } {
  const known = Object.entries(members).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(known) as { [K in keyof T]?: Exclude<T[K], null | undefined> };
}

/** Where a client may mark something for the cache. Anything else is left out. */
export const cacheControl = z.union([
  z.looseObject({ type: z.string(), ttl: z.string().nullish() }),
  z.unknown(),
]);

type Cached = { readonly providerOptions: SharedV4ProviderOptions } | object;

/** Anthropic's mark for its cache, which clients of other protocols send too. */
export function cacheMark(holder: unknown): Cached {
  const mark = isObject(holder) ? holder['cache_control'] : undefined;
  if (!isObject(mark) || mark['type'] !== 'ephemeral') return {};
  const ttl = mark['ttl'] === '1h' || mark['ttl'] === '5m' ? { ttl: mark['ttl'] } : {};
  return { providerOptions: { anthropic: { cacheControl: { type: 'ephemeral', ...ttl } } } };
}

type MessageOf<R extends LanguageModelV4Message['role']> = Extract<LanguageModelV4Message, { role: R }>;
export type AssistantPart = MessageOf<'assistant'>['content'][number];
export type UserPart = MessageOf<'user'>['content'][number];
type ToolOutput = LanguageModelV4ToolResultPart['output'];
export type OutputPart = Extract<ToolOutput, { type: 'content' }>['value'][number];

/** Builds the messages of a prompt. Neighbours of one role become one message where the protocol splits them. */
export class MessageList {
  readonly messages: LanguageModelV4Message[] = [];

  system(content: string, options: Cached = {}): void {
    if (content !== '') this.messages.push({ role: 'system', content, ...options });
  }

  user(content: UserPart[]): void {
    if (content.length > 0) this.messages.push({ role: 'user', content });
  }

  assistant(...content: AssistantPart[]): void {
    if (content.length === 0) return;
    const last = this.messages.at(-1);
    if (last?.role === 'assistant') last.content.push(...content);
    else this.messages.push({ role: 'assistant', content });
  }

  result(part: LanguageModelV4ToolResultPart): void {
    const last = this.messages.at(-1);
    if (last?.role === 'tool') last.content.push(part);
    else this.messages.push({ role: 'tool', content: [part] });
  }
}

/** The output of a tool. Text alone is one text; with files the parts stay apart. */
export function toolOutput(parts: readonly OutputPart[], isError: boolean): ToolOutput {
  if (parts.every((part) => part.type === 'text')) {
    const value = parts.map(({ text }) => text).join('\n');
    return { type: isError ? 'error-text' : 'text', value };
  }
  // The AI SDK has no mark for it beside files.
  const said: OutputPart[] = isError ? [{ type: 'text', text: 'The tool reported an error.' }] : [];
  return { type: 'content', value: [...said, ...parts] };
}

/** The input of a tool call; a text that is not JSON stays a text. */
export function toolInput(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
