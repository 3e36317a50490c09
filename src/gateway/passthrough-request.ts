import type { IncomingHttpHeaders } from 'node:http';
import * as z from 'zod';
import type { PassThroughPrompt } from '../guard/call.ts';
import { estimatePassThroughTokens } from '../guard/estimate.ts';
import { membersOf, withMembers } from '../providers/passthrough/json-members.ts';
import { isObject, parseJson } from '../shared/json.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { GatewayError } from './http/gateway-error.ts';

/** The protocols whose requests are passed through, with the dialect of each. */
export const dialectOf = { openai: 'openai-chat', anthropic: 'anthropic-messages' } as const;

export type PassedProtocol = keyof typeof dialectOf;

export interface PassThroughRequest {
  /** The name that the client used. */
  readonly model: string;
  readonly prompt: PassThroughPrompt;
}

// A negative limit would add to what a cap has left.
const tokens = z.int().nonnegative().nullish();

const bodySchema = z.object({
  model: z.string().min(1).max(300),
  messages: z.array(z.unknown()),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: tokens,
  max_completion_tokens: tokens,
  n: z.int().positive().max(128).nullish(),
});

/** Fields that would send the request, or the provider's key, to another address (LiteLLM's names). */
const redirecting = ['api_base', 'base_url', 'api_key'];

/**
 * Names models that Anthropic, OpenRouter and LiteLLM use if the first one refuses or fails. Policy, caps and prices
 * only see the first one. The field is removed, because clients send it by default and work without it.
 */
const otherModels = 'fallbacks';

/** The client's headers that change the meaning of its request. No other header is passed on. */
const passedHeaders = ['anthropic-version', 'anthropic-beta', 'openai-beta'];

/** Reads a request's body. An error never quotes the body. */
export function parseRequest(
  protocol: PassedProtocol,
  bytes: Uint8Array,
  headers: IncomingHttpHeaders,
): Result<PassThroughRequest, GatewayError> {
  const body = textOf(bytes);
  const json = body === undefined ? undefined : parseJson(body);
  if (body === undefined || !isObject(json)) {
    return err(invalid('not_json', 'The body must be a JSON object.'));
  }
  const members = membersOf(body);
  const names = new Set(members.map(({ name }) => name));
  // Parsers differ in which of two they take, and policy must judge the one that the provider takes.
  if (names.size < members.length) {
    return err(invalid('duplicate_field', 'The body contains the same field twice.'));
  }
  if (names.has('models')) {
    return err(
      invalid('unsupported_field', "The field 'models' is not supported. Use a route as the model instead."),
    );
  }
  const parsed = bodySchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return err(
      invalid('invalid_request', `${issue?.path.join('.') ?? 'body'}: ${issue?.message ?? 'invalid'}`),
    );
  }
  const { model, messages, stream, max_tokens: limit, max_completion_tokens: newLimit, n } = parsed.data;
  const each = Math.max(limit ?? -1, newLimit ?? -1);
  const dropped = [...redirecting, otherModels].filter((name) => names.has(name));
  return ok({
    model,
    prompt: {
      dialect: dialectOf[protocol],
      body: dropped.length === 0 ? body : without(body, dropped),
      headers: passedOf(headers),
      streams: stream === true,
      inputTokens: estimatePassThroughTokens(bytes.length, imagesIn(messages)),
      ...(each < 0 ? {} : { maxOutputTokens: each * (n ?? 1) }),
    },
  });
}

function without(body: string, names: readonly string[]): string {
  return withMembers(body, Object.fromEntries(names.map((name) => [name, undefined])));
}

function passedOf(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    passedHeaders.flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Undefined for bytes that are not UTF-8. Such bytes are not JSON and would not be passed on unchanged. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

type Part = Readonly<Record<string, unknown>>;

/**
 * Counts the images of a request, including those in Anthropic's tool results. Without a schema, because there may be
 * hundreds of thousands of parts, and a schema would take longer than everything else.
 */
function imagesIn(messages: readonly unknown[]): { count: number; bytes: number } {
  const images = { count: 0, bytes: 0 };
  const note = (part: Part) => {
    const data = dataOfImage(part);
    if (data === undefined) return;
    images.count += 1;
    images.bytes += data.length;
  };
  for (const message of messages) {
    for (const part of partsOf(message)) {
      note(part);
      if (part['type'] === 'tool_result') partsOf(part).forEach(note);
    }
  }
  return images;
}

function partsOf(holder: unknown): readonly Part[] {
  const content = isObject(holder) ? holder['content'] : undefined;
  return Array.isArray(content) ? content.filter(isObject) : [];
}

/** The image's part of the body: OpenAI's URL or Anthropic's data. Empty if Anthropic's image is elsewhere. */
function dataOfImage({ type, image_url: link, source }: Part): string | undefined {
  let data: unknown;
  if (type === 'image_url' && isObject(link)) data = link['url'];
  if (type === 'image' && isObject(source)) data = source['data'] ?? '';
  return typeof data === 'string' ? data : undefined;
}

function invalid(code: string, message: string): GatewayError {
  return { status: 400, code, message };
}
