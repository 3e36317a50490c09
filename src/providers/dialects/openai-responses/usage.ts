import type { UsageFormat } from '../dialect.ts';
import { cacheCountsIn } from '../openai-chat/usage.ts';
import { costIn, countIn, fieldsOf, usageOf } from '../usage-counts.ts';

/**
 * As in chat completions, under other names (OpenAI's API reference, 'The response object'). The last event of a stream
 * reports usage.
 */
export const openaiResponsesUsage: UsageFormat = {
  members: ['response', 'usage'],
  counts: (answer) => {
    // A stream has it in the last event, an answer in one piece at its top.
    const usage = fieldsOf(fieldsOf(answer)['response'])['usage'] ?? fieldsOf(answer)['usage'];
    if (typeof usage !== 'object' || usage === null) return undefined;
    const fields = fieldsOf(usage);
    return {
      input: countIn(fields, 'input_tokens', 'prompt_tokens'),
      ...cacheCountsIn(fields),
      output: countIn(fields, 'output_tokens', 'completion_tokens'),
      cost: costIn(fields),
    };
  },
  sum: usageOf,
};
