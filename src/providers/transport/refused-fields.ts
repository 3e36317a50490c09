import { outputLimitNames } from '../dialects/quirks.ts';
import type { ErrorFacts } from './error-facts.ts';

const usageOption = /\b(?:stream_?options|include_?usage)\b/i;

/** By their words a server does not know a field, or not for this model. A value that is too large is another matter. */
const unknownWords =
  /unsupported|not supported|(?:does|do) not support|not (?:yet )?(?:permitted|allowed|available|recogni[sz]ed|implemented)|forbidden|unknown|unrecogni[sz]ed|unexpected|extraneous|additional propert|cannot find field|not a valid field|no such (?:field|parameter)/i;

const systemRole =
  /\bsystem (?:role|messages?|prompts?|instructions?) (?:is|are) not (?:supported|allowed|enabled)|\bsystem role not supported|not support (?:the )?(?:role )?['"`]?system\b|developer instruction is not enabled/i;

/**
 * The fields of a request that the error is about because the server does not take them, of those that Callguard can send
 * in another way: `stream_options`, the limit of output tokens under its two names, and the role `system`.
 */
export function refusedFields(status: number, { fields, names, message = '' }: ErrorFacts): string[] {
  if (status !== 400 && status !== 422) return [];
  const isUnknown = unknownWords.test(message) || names.some((name) => unknownNames.has(name));
  const isNamed = (name: string) => fields.includes(name) || new RegExp(`\\b${name}\\b`).test(message);
  return [
    ...(fields.some((name) => usageOption.test(name)) || usageOption.test(message) ? ['stream_options'] : []),
    ...(isUnknown ? outputLimitNames.filter(isNamed) : []),
    ...(systemRole.test(message) ? ['system'] : []),
  ];
}

const unknownNames: ReadonlySet<string> = new Set([
  ...['extra_forbidden', 'unsupported_parameter', 'unknown_parameter'],
]);
