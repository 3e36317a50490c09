import { isSameModel } from '../../guard/model-name.ts';
import { generationCounts } from '../../providers/dialects/google-generative/passthrough.ts';
import { memberCalled, objectIn } from '../../providers/passthrough/nested-object.ts';
import { scanRequest } from '../../providers/passthrough/scan-request.ts';
import { plainFieldName } from '../../shared/fold-case.ts';
import { valueText, withMembers, type JsonObject } from '../../shared/json-members.ts';
import { parseJson } from '../../shared/json.ts';
import { jsonLimits } from '../../shared/limits.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import { inSlices } from '../../shared/slices.ts';
import { stopping, type GatewayError } from '../http/gateway-error.ts';
import { inputTokensOf } from '../protocols/responses-request.ts';
import type { ParseRequest } from './other-requests.ts';
import { dialectOf, passedOf, scanBody } from './passthrough-request.ts';
import { unsupportedField, withoutRemovedFields } from './request-fields.ts';

/** `POST /v1beta/models/{model}:generateContent` and `:streamGenerateContent`: the path names the model. */
export function parseGenerate(model: string, streams: boolean): ParseRequest {
  return async (bytes, headers, signal) => {
    const scanned = await scanBody(bytes, signal);
    if (!scanned.ok) return scanned;
    const { toolModels, builtInTools, values } = scanned.value;
    const body = bodyFor(model, withoutRemovedFields(scanned.value));
    if (!body.ok) return body;
    const limits = generationLimits(body.value);
    if (!limits.ok) return limits;
    return ok({
      model,
      builtInTools,
      values,
      prompt: {
        dialect: dialectOf.google,
        body: body.value,
        headers: passedOf(headers),
        streams,
        toolModels,
        inputTokens: await inputTokensOf('google-generative', body.value.bytes, values, signal),
        ...limits.value,
      },
    });
  };
}

/** `POST /v1beta/models/{model}:countTokens`: the contents alone, or a whole request in a member. */
export function parseGenerateCount(model: string): ParseRequest {
  return async (bytes, headers, signal) => {
    const inner = await innerRequest(bytes, signal);
    if (!inner.ok) return inner;
    const parsed = await parseGenerate(model, false)(inner.value, headers, signal);
    if (!parsed.ok) return parsed;
    const prompt = { ...parsed.value.prompt, operation: 'count', maxOutputTokens: 0 } as const;
    return ok({ ...parsed.value, prompt });
  };
}

async function innerRequest(bytes: Buffer, signal: AbortSignal): Promise<Result<Buffer, GatewayError>> {
  const scanned = await inSlices(scanRequest(bytes), signal);
  if (scanned === undefined) return err(stopping);
  // What is wrong with the body is found again where it is read as a request.
  const member = scanned.ok ? memberCalled(scanned.value, 'generatecontentrequest') : undefined;
  if (!scanned.ok || member === undefined) return ok(bytes);
  if (scanned.value.members.length > 1)
    return err(invalid(`Send '${member.name}' alone. It holds the whole request.`));
  return ok(bytes.subarray(member.valueStart, member.valueEnd));
}

/** The body without the model, which stands in the path. A body that names another one is refused. */
function bodyFor(model: string, body: JsonObject): Result<JsonObject, GatewayError> {
  const seen = new Set<string>();
  for (const { name } of body.members) {
    // The API reads a name in both spellings, `systemInstruction` and `system_instruction`.
    const plain = plainFieldName(name);
    if (seen.has(plain)) return err(twice);
    seen.add(plain);
  }
  const text = valueText(body, 'model');
  if (text === undefined) return ok(body);
  const named = parseJson(text);
  if (typeof named !== 'string' || !isSameModel(named, model))
    return err(invalid('The model in the body differs from the one in the path.'));
  return ok(withMembers(body, { model: undefined }));
}

/** The limit of the output, for all candidates together. */
function generationLimits(body: JsonObject): Result<{ readonly maxOutputTokens?: number }, GatewayError> {
  const member = memberCalled(body, 'generationconfig');
  if (member === undefined) return ok({});
  if (member.valueEnd - member.valueStart > jsonLimits.scannedValueBytes)
    return err(invalid(`${member.name}: too large`));
  const config = objectIn(body, member);
  if (config === undefined) return ok({});
  const names = config.members.map(({ name }) => plainFieldName(name));
  if (new Set(names).size < names.length) return err(twice);
  // Vertex AI can choose another model by it.
  const routing = memberCalled(config, 'routingconfig');
  if (routing !== undefined) return err(unsupportedField(routing.name));
  const { limit, answers } = generationCounts(config);
  return ok(limit === 0 ? {} : { maxOutputTokens: limit * answers });
}

const twice: GatewayError = {
  status: 400,
  code: 'duplicate_field',
  message: 'The body contains the same field twice.',
};

function invalid(message: string): GatewayError {
  return { status: 400, code: 'invalid_request', message };
}
