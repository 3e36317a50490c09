import type { Counts, UsageFormat } from '../dialect.ts';
import { costIn, countIn, fieldsOf, largerOf, usageOf } from '../usage-counts.ts';

/**
 * `input_tokens` excludes tokens that are read from the cache or written to it (Anthropic's API reference, 'Prompt
 * caching').
 */
export const anthropicMessagesUsage: UsageFormat = {
  members: ['usage', 'message'],
  counts: (answer) => {
    const usage = usageIn(answer);
    if (usage === undefined) return undefined;
    return {
      uncached: countIn(usage, 'input_tokens'),
      written: countIn(usage, 'cache_creation_input_tokens'),
      hour: countIn(fieldsOf(usage['cache_creation']), 'ephemeral_1h_input_tokens'),
      cached: countIn(usage, 'cache_read_input_tokens'),
      output: countIn(usage, 'output_tokens'),
      cost: costIn(usage),
    };
  },
  // The figures of a later event are those of the whole answer so far (its API reference, 'Streaming messages'). Some
  // servers repeat the input as 0, which no prompt has.
  merge: (earlier, later) => {
    const { output = earlier['output'], cost = earlier['cost'], ...input } = later;
    const replaces = input['uncached'] !== undefined && (inputOf(input) ?? 0) > 0;
    return {
      ...(replaces ? { hour: earlier['hour'], ...input } : largerOf(earlier, input)),
      output,
      cost,
    };
  },
  sum: ({ uncached, cached, written, hour, output, cost }) =>
    usageOf({ input: inputOf({ uncached, cached, written }), cached, written, hour, output, cost }),
};

/** `message_start` has it inside `message`; `message_delta` and a whole answer at the top. */
function usageIn(answer: unknown): Readonly<Record<string, unknown>> | undefined {
  const { usage, message } = fieldsOf(answer);
  const found = usage ?? fieldsOf(message)['usage'];
  return typeof found === 'object' && found !== null ? fieldsOf(found) : undefined;
}

function inputOf({ uncached, cached, written }: Counts): number | undefined {
  const counts = [uncached, cached, written].filter((count) => count !== undefined);
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
}
