import { memberCalled, objectIn } from '../../passthrough/nested-object.ts';
import { valueText, withMembers, type JsonObject } from '../../../shared/json-members.ts';
import type { PassThroughFormat } from '../dialect.ts';

export const googlePassThrough: PassThroughFormat = {
  // Other kinds of models have collections of their own, such as `tunedModels/…`.
  modelInPath: (model) => (model.includes('/') ? model : `models/${model}`),
  path: '/{model}:generateContent',
  streamPath: '/{model}:streamGenerateContent?alt=sse',
  operations: {
    count: { path: '/{model}:countTokens', answerMembers: ['totalTokens'], bodyOf: countBody },
  },
  limit: generationLimit,
};

/** A count takes `contents` alone. Whatever else a request has stands in a member, which names the model again. */
function countBody(body: JsonObject, model: string): Uint8Array {
  if (body.members.every(({ name }) => name === 'contents')) return body.bytes;
  const named = withMembers(body, { model: JSON.stringify(model) });
  return Buffer.concat([Buffer.from('{"generateContentRequest":'), named.bytes, Buffer.from('}')]);
}

function generationLimit(body: JsonObject, tokens: number): Record<string, string> | undefined {
  const member = memberCalled(body, 'generationconfig');
  const config = member && objectIn(body, member);
  if (member === undefined || config === undefined)
    return { generationConfig: JSON.stringify({ maxOutputTokens: tokens }) };
  const { limit, answers } = generationCounts(config);
  if (limit > 0) return undefined;
  const name = memberCalled(config, 'maxoutputtokens')?.name ?? 'maxOutputTokens';
  const each = Math.max(1, Math.floor(tokens / answers));
  return { [member.name]: withMembers(config, { [name]: String(each) }).bytes.toString() };
}

/** The limit of each answer, 0 for none, and the number of answers. */
export function generationCounts(config: JsonObject): { readonly limit: number; readonly answers: number } {
  const numberOf = (plain: string) => {
    const text = valueText(config, memberCalled(config, plain)?.name ?? '');
    const value = text === undefined || text.length > longestNumber ? 0 : Number(text.replaceAll('"', ''));
    return Number.isInteger(value) && value > 0 ? value : 0;
  };
  return { limit: numberOf('maxoutputtokens'), answers: Math.max(1, numberOf('candidatecount')) };
}

const longestNumber = 32;
