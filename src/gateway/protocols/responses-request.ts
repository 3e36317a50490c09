import * as z from 'zod';
import { estimateInputTokens, estimatePassThroughTokens } from '../../guard/estimate.ts';
import { gatewayLimits, jsonLimits } from '../../shared/limits.ts';
import { ok } from '../../shared/result.ts';
import { inSlices } from '../../shared/slices.ts';
import type { ParseRequest } from '../requests/other-requests.ts';
import { dialectOf, parseFields, passedOf, scanBody } from '../requests/passthrough-request.ts';
import { withoutRemovedFields } from '../requests/request-fields.ts';
import type { ProtocolName } from './protocol.ts';
import { decodeBody, loadProtocol } from './protocols.ts';

const responsesSchema = z.object({
  model: z.string().min(1).max(gatewayLimits.modelChars),
  stream: z.boolean().nullish(),
  max_output_tokens: z.int().min(-1).nullish(),
});

/** `POST /v1/responses` */
export const parseResponses: ParseRequest = async (bytes, headers, signal) => {
  const scanned = await scanBody(bytes, signal);
  if (!scanned.ok) return scanned;
  const fields = parseFields(responsesSchema, scanned.value);
  if (!fields.ok) return fields;
  const { model, stream, max_output_tokens: limit } = fields.value;
  const { toolModels, builtInTools, values } = scanned.value;
  const body = withoutRemovedFields(scanned.value);
  const isLimited = typeof limit === 'number' && limit > 0;
  return ok({
    model,
    builtInTools,
    values,
    prompt: {
      dialect: dialectOf.responses,
      body,
      headers: passedOf(headers),
      streams: stream === true,
      toolModels,
      inputTokens: await inputTokensOf('openai-responses', body.bytes, values, signal),
      ...(isLimited ? { maxOutputTokens: limit } : {}),
    },
  });
};

/**
 * The files of a request do not count by their bytes. What the decoder does not know counts like the rest as text, so a
 * request with such parts is estimated by its bytes, and so is one that has too many values to be decoded at once.
 */
export async function inputTokensOf(
  protocol: ProtocolName,
  bytes: Buffer,
  values: number,
  signal: AbortSignal,
): Promise<number> {
  const byBytes = estimatePassThroughTokens(bytes.length, { bytes: 0, tokens: 0 });
  if (values > jsonLimits.translatedValues) return byBytes;
  const decoded = await decodeBody(await loadProtocol[protocol](), bytes, signal);
  if (decoded?.ok !== true) return byBytes;
  const { losses, prompt } = decoded.value;
  const isKnown =
    losses.length < jsonLimits.lostNames && losses.every((loss) => !loss.startsWith('unknownPart'));
  return (isKnown ? await inSlices(estimateInputTokens(prompt), signal) : undefined) ?? byBytes;
}
