import type { IncomingHttpHeaders } from 'node:http';
import * as z from 'zod';
import type { PassThroughPrompt } from '../guard/call.ts';
import { estimatePassThroughTokens } from '../guard/estimate.ts';
import { membersOf, withMembers } from '../providers/passthrough/json-members.ts';
import { isObject, parseJson } from '../shared/json.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { GatewayError } from './http/gateway-error.ts';

/** The protocols whose requests are passed on, and the dialect that each is. */
export const dialectOf = { openai: 'openai-chat', anthropic: 'anthropic-messages' } as const;

export type PassedProtocol = keyof typeof dialectOf;

export interface PassThroughRequest {
  /** As the client calls it. */
  readonly model: string;
  readonly prompt: PassThroughPrompt;
}

// A negative one would be credit that nobody has.
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

/** Fields by which a client would send its request, or Callguard's key, elsewhere (LiteLLM's names). */
const redirecting = ['api_base', 'base_url', 'api_key'];

/**
 * Names other models for the case that the first one refuses or fails: to Anthropic, OpenRouter and LiteLLM. Policy,
 * caps and prices know the first one alone. Taken out, as clients send it unasked, and get along without.
 */
const otherModels = 'fallbacks';

/** Headers of a client that say how its request is meant. All others are its own affair. */
const passedHeaders = ['anthropic-version', 'anthropic-beta', 'openai-beta'];

/** Reads a request's body. What is said of it in an error never quotes it. */
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
  // Readers differ in which of two they take: policy must judge the one that counts.
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

/** Undefined for what is no UTF-8, which no JSON is, and which would not come out as it went in. */
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
 * The images of a request, those that a tool gives back in Anthropic's words included. By hand: a schema would take
 * longer for each part than all else that is done with it, and there may be hundreds of thousands.
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

/** What stands in the body for an image: OpenAI's URL, or Anthropic's data, empty where that is elsewhere. */
function dataOfImage({ type, image_url: link, source }: Part): string | undefined {
  let data: unknown;
  if (type === 'image_url' && isObject(link)) data = link['url'];
  if (type === 'image' && isObject(source)) data = source['data'] ?? '';
  return typeof data === 'string' ? data : undefined;
}

function invalid(code: string, message: string): GatewayError {
  return { status: 400, code, message };
}
