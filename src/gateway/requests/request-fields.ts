import { mayNameModel } from '../../providers/passthrough/model-field-names.ts';
import { foldCase, plainFieldName } from '../../shared/fold-case.ts';
import { withMembers, type JsonObject } from '../../shared/json-members.ts';
import { gatewayLimits, jsonLimits } from '../../shared/limits.ts';
import type { GatewayError } from '../http/gateway-error.ts';

/** The fields that the gateway parses. They are small. */
export const readFields = [
  ...[
    'model',
    'stream',
    'stream_options',
    'max_tokens',
    'max_completion_tokens',
    'max_output_tokens',
    'n',
    'best_of',
  ],
  'previous_response_id',
];

/**
 * Fields that are removed, because clients send them by default and work without them. The first three would send the
 * request, or the provider's key, to another address (LiteLLM's names). The last one names models that Anthropic,
 * OpenRouter and LiteLLM ask if the first one refuses or fails. Policy, caps and prices only see the first one.
 */
const removedFields = ['api_base', 'base_url', 'api_key', 'fallbacks'];

/** Fields by which other gateways take a model or a whole request (OpenRouter, LiteLLM, Azure). */
const refusedFields = new Set([
  ...['preset', 'userconfig', 'routersettings', 'extrabody', 'litellmparams', 'customllmprovider'],
  ...['engine', 'engineid', 'deploymentid', 'deploymentname'],
]);

/** The ends of names that mean an address or a key for some gateway. */
const addressName = /(?:(?:api|base|server|host)ur[il]|apibase|endpoint|apikey)$/;

const knownFields = new Map(
  ['messages', 'input', 'prompt', 'tools', ...readFields, ...removedFields].map((name) => [
    plainFieldName(name),
    name,
  ]),
);

/**
 * Returns an error if servers could read the names of a request's fields in different ways: they differ in case, in
 * escapes, and in which of two fields counts.
 */
export function checkFields({ members }: JsonObject): GatewayError | undefined {
  const seen = new Set<string>();
  for (const { name, valueStart, valueEnd } of members) {
    const folded = foldCase(name);
    if (seen.has(folded)) return invalid('duplicate_field', 'The body contains the same field twice.');
    seen.add(folded);
    const plain = plainFieldName(name);
    const known = knownFields.get(plain);
    if (known === undefined) {
      if (refusedFields.has(plain) || mayNameModel(plain)) return unsupportedField(name);
      if (addressName.test(plain)) return unsupportedField(name, 'It could send the request elsewhere.');
    } else if (known !== name) return invalid('misspelled_field', `A field must be spelled '${known}'.`);
    if (readFields.includes(name) && valueEnd - valueStart > jsonLimits.parsedValueBytes)
      return invalid('invalid_request', `${name}: too large`);
  }
  return undefined;
}

/** The error for a field that names other models, or that is refused for another reason. */
export function unsupportedField(name: string, why = 'Use a route as the model instead.'): GatewayError {
  const shown = name.slice(0, gatewayLimits.shownFieldChars);
  return invalid('unsupported_field', `The field '${shown}' is not supported. ${why}`);
}

export function withoutRemovedFields(body: JsonObject): JsonObject {
  const present = removedFields.filter((field) => body.members.some(({ name }) => name === field));
  if (present.length === 0) return body;
  return withMembers(body, Object.fromEntries(present.map((name) => [name, undefined])));
}

function invalid(code: string, message: string): GatewayError {
  return { status: 400, code, message };
}
