import type { IncomingHttpHeaders } from 'node:http';
import * as z from 'zod';
import type { PassThroughPrompt } from '../../guard/call.ts';
import type { CallResult } from '../../guard/call-state.ts';
import { estimatePassThroughTokens } from '../../guard/estimate.ts';
import { countedTokens } from '../../providers/passthrough/counted-tokens.ts';
import { countInput } from '../../providers/passthrough/input-items.ts';
import { gatewayLimits } from '../../shared/limits.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { inSlices } from '../../shared/slices.ts';
import { stopping, type GatewayError } from '../http/gateway-error.ts';
import {
  dialectOf,
  parseFields,
  parseRequest,
  passedOf,
  scanBody,
  type PassThroughRequest,
} from './passthrough-request.ts';
import { withoutRemovedFields } from './request-fields.ts';

/** Reads a request of another kind than one for an answer to messages. */
export type ParseRequest = (
  bytes: Buffer,
  headers: IncomingHttpHeaders,
  signal: AbortSignal,
) => Promise<Result<PassThroughRequest, GatewayError>>;

const required = z.literal(true, 'must be a text or a list');
const answers = z.int().positive().max(gatewayLimits.answers).nullish();

const embeddingsSchema = z.object({
  model: z.string().min(1).max(gatewayLimits.modelChars),
  input: required,
});

const completionsSchema = z.object({
  model: z.string().min(1).max(gatewayLimits.modelChars),
  prompt: required,
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  // A negative limit would add to what a cap has left.
  max_tokens: z.int().min(-1).nullish(),
  n: answers,
  best_of: answers,
});

/** `POST /v1/messages/count_tokens`: a request for an answer, as far as it is read here. */
export const parseCount: ParseRequest = async (bytes, headers, signal) => {
  const parsed = await parseRequest('anthropic', bytes, headers, signal);
  if (!parsed.ok) return parsed;
  const { prompt } = parsed.value;
  const count = { ...prompt, operation: 'count', streams: false, maxOutputTokens: 0 } as const;
  return ok({ ...parsed.value, prompt: count });
};

/** `POST /v1/embeddings`: the answer has no output tokens. */
export const parseEmbeddings: ParseRequest = async (bytes, headers, signal) => {
  const common = await parseInput(embeddingsSchema, bytes, headers, signal);
  if (!common.ok) return common;
  const { fields, prompt, builtInTools } = common.value;
  const embeddings = { ...prompt, operation: 'embeddings', streams: false, maxOutputTokens: 0 } as const;
  return ok({ model: fields.model, prompt: embeddings, builtInTools });
};

/** `POST /v1/completions`: each text of the prompt gets `n` answers, and the model may write `best_of` for them. */
export const parseCompletions: ParseRequest = async (bytes, headers, signal) => {
  const common = await parseInput(completionsSchema, bytes, headers, signal);
  if (!common.ok) return common;
  const { fields, prompt, texts, builtInTools } = common.value;
  const { model, stream, max_tokens: limit = null, n, best_of: best } = fields;
  const asked = texts * Math.max(n ?? 1, best ?? 1);
  const isLimited = limit !== null && limit > 0;
  return ok({
    model,
    builtInTools,
    prompt: {
      ...prompt,
      operation: 'completions',
      streams: stream === true,
      answers: asked,
      ...(isLimited ? { maxOutputTokens: limit * asked } : {}),
    },
  });
};

async function parseInput<T>(
  schema: z.ZodType<T>,
  bytes: Buffer,
  headers: IncomingHttpHeaders,
  signal: AbortSignal,
) {
  const scanned = await scanBody(bytes, signal);
  if (!scanned.ok) return scanned;
  const fields = parseFields(schema, scanned.value);
  if (!fields.ok) return fields;
  const items = await inSlices(countInput(bytes), signal);
  if (items === undefined) return err(stopping);
  const { files, toolModels, builtInTools } = scanned.value;
  const prompt = {
    dialect: dialectOf.openai,
    body: withoutRemovedFields(scanned.value),
    headers: passedOf(headers),
    toolModels,
    // Tokens in the place of text may be shorter than text.
    inputTokens: Math.max(items.tokens, estimatePassThroughTokens(bytes.length, files)),
  };
  return ok({ fields: fields.value, texts: items.texts, prompt, builtInTools });
}

/** Refusals that a count does not pass on: the provider is not asked, but the guard can estimate. */
const aboutTheProvider: ReadonlySet<string> = new Set(['circuit', 'paused', 'rest', 'outOfCredit']);

/**
 * The guard's estimate in the place of a count that the provider did not answer. A client without a count may send paid
 * requests to find out.
 */
export function countInstead(prompt: PassThroughPrompt): (result: CallResult) => Uint8Array | undefined {
  return (result) => {
    const isRefused = result.kind === 'refused' && !aboutTheProvider.has(result.refusal.kind);
    return isRefused || result.kind === 'aborted' ? undefined : countedTokens(prompt);
  };
}
