import type { Counts, UsageFormat } from '../dialect.ts';
import { costIn, countIn, fieldsOf, largestCountIn, usageOf } from '../usage-counts.ts';

/** Names of input that was read from the provider's cache: OpenAI's, DeepSeek's, Moonshot's, Mistral's, Anthropic's. */
const cachedNames = [
  ...['cached_tokens', 'prompt_cache_hit_tokens', 'num_cached_tokens', 'cached_prompt_tokens'],
  ...['cache_read_input_tokens', 'cache_read_tokens', 'cached_input_tokens'],
];

/** Names of input that was written to it. */
const writtenNames = [
  ...['cache_write_tokens', 'cache_creation_input_tokens', 'cache_creation_tokens'],
  ...['cache_write_input_tokens'],
];

/** The cache figures of OpenAI's two APIs: in the details of the input or, with some providers, beside them. */
export function cacheCountsIn(usage: Readonly<Record<string, unknown>>): Counts {
  const places = [usage, fieldsOf(usage['prompt_tokens_details']), fieldsOf(usage['input_tokens_details'])];
  const largest = (names: readonly string[]) => {
    const counts = places
      .map((place) => largestCountIn(place, ...names))
      .filter((count) => count !== undefined);
    return counts.length === 0 ? undefined : Math.max(...counts);
  };
  return { cached: largest(cachedNames), written: largest(writtenNames) };
}

/**
 * `prompt_tokens` includes cached tokens, read and written, and `completion_tokens` includes reasoning (OpenAI's API
 * reference, 'The chat completion object'). But xAI counts reasoning beside `completion_tokens`, as its total shows
 * (its documentation, 'Consumption and Rate Limits').
 */
export const openaiChatUsage: UsageFormat = {
  members: ['usage', 'choices', 'x_groq'],
  counts: (answer) => {
    const usage = usageIn(answer);
    if (usage === undefined) return undefined;
    const output = countIn(usage, 'completion_tokens', 'output_tokens');
    const total = countIn(usage, 'total_tokens');
    const rest = total === undefined || output === undefined ? undefined : total - output;
    const input = countIn(usage, 'prompt_tokens', 'input_tokens') ?? countIn({ rest }, 'rest');
    return {
      input,
      ...cacheCountsIn(usage),
      output: outputOf(usage, input, output, total),
      cost: costIn(usage),
    };
  },
  sum: usageOf,
};

/** Beside the choices; in a choice, as Moonshot sends it; or in Groq's own member. Most events have none. */
function usageIn(answer: unknown): Readonly<Record<string, unknown>> | undefined {
  const { usage, choices, x_groq: groq } = fieldsOf(answer);
  const places = [
    usage,
    Array.isArray(choices) ? fieldsOf(choices[0])['usage'] : undefined,
    fieldsOf(groq)['usage'],
  ];
  const found = places.find((place) => typeof place === 'object' && place !== null);
  return found === undefined ? undefined : fieldsOf(found);
}

/** Adds reasoning if the provider's own total shows that it is counted beside the rest. */
function outputOf(
  usage: Readonly<Record<string, unknown>>,
  input: number | undefined,
  output: number | undefined,
  total: number | undefined,
): number | undefined {
  const reasoning = countIn(fieldsOf(usage['completion_tokens_details']), 'reasoning_tokens') ?? 0;
  const isBeside = input !== undefined && output !== undefined && total === input + output + reasoning;
  return isBeside ? output + reasoning : output;
}
