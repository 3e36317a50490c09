import type { IncomingHttpHeaders } from 'node:http';
import * as z from 'zod';
import type { PassThroughPrompt } from '../../guard/call.ts';
import { estimatePassThroughTokens } from '../../guard/estimate.ts';
import type { BuiltInTool } from '../../providers/config/provider-entry.ts';
import {
  scanRequest,
  type ScannedRequest,
  type ScanProblem,
} from '../../providers/passthrough/scan-request.ts';
import { valueText, type JsonObject } from '../../shared/json-members.ts';
import { gatewayLimits, jsonLimits } from '../../shared/limits.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { inSlices } from '../../shared/slices.ts';
import { stopping, type GatewayError } from '../http/gateway-error.ts';
import { stateError } from './provider-state.ts';
import { checkFields, readFields, unsupportedField, withoutRemovedFields } from './request-fields.ts';

/** The protocols whose requests are passed through, with the dialect of each. */
export const dialectOf = {
  openai: 'openai-chat',
  responses: 'openai-responses',
  anthropic: 'anthropic-messages',
  google: 'google-generative',
} as const;

export type PassedProtocol = keyof typeof dialectOf;

export interface PassThroughRequest {
  /** The name that the client used. */
  readonly model: string;
  readonly prompt: PassThroughPrompt;
  /** Tools of the provider that name servers or models. */
  readonly builtInTools: readonly BuiltInTool[];
  /** How many values the body has. Absent for requests that are never translated. */
  readonly values?: number;
}

// A negative limit would add to what a cap has left. Clients of local servers ask with -1 for no limit.
const tokens = z.int().min(-1).nullish();

const bodySchema = z.object({
  model: z.string().min(1).max(gatewayLimits.modelChars),
  messages: z.array(z.unknown()),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  max_tokens: tokens,
  max_completion_tokens: tokens,
  n: z.int().positive().max(gatewayLimits.answers).nullish(),
});

/** The client's headers that change the meaning of its request. No other header is passed on. */
const passedHeaders = ['anthropic-version', 'anthropic-beta', 'openai-beta'];

const listBegins = 0x5b;
/** Of `null`. */
const letterN = 0x6e;

/** Reads a request's body, without parsing more of it than a few small fields. An error never quotes the body. */
export async function parseRequest(
  protocol: PassedProtocol,
  bytes: Buffer,
  headers: IncomingHttpHeaders,
  signal: AbortSignal,
): Promise<Result<PassThroughRequest, GatewayError>> {
  const scanned = await scanBody(bytes, signal);
  if (!scanned.ok) return scanned;
  const { files, toolModels } = scanned.value;
  const parsed = parseFields(bodySchema, scanned.value);
  if (!parsed.ok) return parsed;
  const { model, stream, max_tokens: limit, max_completion_tokens: newLimit, n } = parsed.value;
  const limits = [limit, newLimit].filter((each) => typeof each === 'number');
  // OpenAI takes no 0, and some servers with its protocol take it for no limit. To Anthropic it means no output.
  const isLimited =
    limits.length > 0 && !limits.includes(-1) && (protocol === 'anthropic' || !limits.includes(0));
  return ok({
    model,
    builtInTools: scanned.value.builtInTools,
    values: scanned.value.values,
    prompt: {
      dialect: dialectOf[protocol],
      body: withoutRemovedFields(scanned.value),
      headers: passedOf(headers),
      streams: stream === true,
      toolModels,
      inputTokens: estimatePassThroughTokens(bytes.length, files),
      ...(isLimited ? { maxOutputTokens: Math.max(...limits) * (n ?? 1) } : {}),
    },
  });
}

/** Reads the body without parsing it, and refuses what servers could read in different ways. */
export async function scanBody(
  bytes: Buffer,
  signal: AbortSignal,
): Promise<Result<ScannedRequest & { readonly toolModels: readonly string[] }, GatewayError>> {
  const scanned = await inSlices(scanRequest(bytes), signal);
  if (scanned === undefined) return err(stopping);
  if (!scanned.ok) return err(scanErrors[scanned.error]);
  const wrong = checkFields(scanned.value);
  if (wrong !== undefined) return err(wrong);
  const state = stateError(scanned.value);
  if (state !== undefined) return err(state);
  const { foreignModels, toolModels } = scanned.value;
  if (foreignModels !== undefined) return err(unsupportedField(foreignModels));
  if (toolModels === undefined) return err(unsupportedField('tools', 'It must name models as text.'));
  return ok({ ...scanned.value, toolModels });
}

/** The small fields of a body, as the schema reads them. */
export function parseFields<T>(schema: z.ZodType<T>, body: JsonObject): Result<T, GatewayError> {
  const parsed = schema.safeParse(smallFields(body));
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  return err(
    invalid('invalid_request', `${issue?.path.join('.') ?? 'body'}: ${issue?.message ?? 'invalid'}`),
  );
}

const scanErrors: Readonly<Record<ScanProblem, GatewayError>> = {
  notAnObject: invalid('not_json', 'The body must be a JSON object.'),
  tooDeep: invalid('too_deep', `The body has more than ${jsonLimits.depth} levels.`),
  longName: invalid('long_field_name', `The name of a field is longer than ${jsonLimits.nameBytes} bytes.`),
  tooManyMembers: invalid('too_many_fields', `The body has more than ${jsonLimits.members} fields.`),
};

/** The fields that the schema reads. For the messages, it only checks that they are a list. */
function smallFields(body: JsonObject): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const name of readFields) {
    const text = valueText(body, name);
    if (text !== undefined) fields[name] = JSON.parse(text);
  }
  for (const { name, valueStart } of body.members) {
    // Of the prompt itself, only the kind of its value is read.
    if (name === 'messages') fields[name] = body.bytes[valueStart] === listBegins ? [] : null;
    else if (name === 'input' || name === 'prompt') fields[name] = body.bytes[valueStart] !== letterN;
  }
  return fields;
}

export function passedOf(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    passedHeaders.flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}

function invalid(code: string, message: string): GatewayError {
  return { status: 400, code, message };
}
