import { foldCase } from '../shared/fold-case.ts';
import { withMembers, type JsonObject } from '../shared/json-members.ts';
import { jsonLimits } from '../shared/limits.ts';
import type { GatewayError } from './http/gateway-error.ts';

/** The fields that the gateway parses. They are small. */
export const readFields = ['model', 'stream', 'stream_options', 'max_tokens', 'max_completion_tokens', 'n'];

/**
 * Fields that are removed, because clients send them by default and work without them. The first three would send the
 * request, or the provider's key, to another address (LiteLLM's names). The last one names models that Anthropic,
 * OpenRouter and LiteLLM ask if the first one refuses or fails. Policy, caps and prices only see the first one.
 */
const removedFields = ['api_base', 'base_url', 'api_key', 'fallbacks'];

/** Fields by which other gateways take more models, or a whole request (OpenRouter, LiteLLM, Vercel). */
const refusedFields = ['models', 'model_list', 'preset', 'user_config', 'router_settings', 'extra_body'];

const knownFields = new Set(['messages', ...readFields, ...removedFields, ...refusedFields]);

/** What is wrong with the names of a request's fields. Readers differ in case, in escapes, and in which of two counts. */
export function checkFields({ members }: JsonObject): GatewayError | undefined {
  const seen = new Set<string>();
  for (const { name, valueStart, valueEnd } of members) {
    const folded = foldCase(name);
    if (seen.has(folded)) return invalid('duplicate_field', 'The body contains the same field twice.');
    seen.add(folded);
    if (knownFields.has(folded) && folded !== name)
      return invalid('misspelled_field', `A field must be spelled '${folded}', in lower case.`);
    if (refusedFields.includes(name) || (folded.includes('fallback') && !removedFields.includes(name)))
      return unsupportedField(name);
    if (readFields.includes(name) && valueEnd - valueStart > jsonLimits.parsedValueBytes)
      return invalid('invalid_request', `${name}: too large`);
  }
  return undefined;
}

/** A field that names other models. */
export function unsupportedField(name: string): GatewayError {
  const shown = name.slice(0, 64);
  return invalid(
    'unsupported_field',
    `The field '${shown}' is not supported. Use a route as the model instead.`,
  );
}

export function withoutRemovedFields(body: JsonObject): JsonObject {
  const present = removedFields.filter((field) => body.members.some(({ name }) => name === field));
  if (present.length === 0) return body;
  return withMembers(body, Object.fromEntries(present.map((name) => [name, undefined])));
}

function invalid(code: string, message: string): GatewayError {
  return { status: 400, code, message };
}
