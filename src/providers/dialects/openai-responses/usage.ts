import * as z from 'zod';
import type { UsageFormat } from '../dialect.ts';
import { openaiCacheDetails } from '../openai-chat/usage.ts';
import { maybeTokenCount, tokenCount, usageOf } from '../usage-counts.ts';

/** The last event of a stream reports usage. */
const answerSchema = z.object({
  response: z
    .object({
      usage: z
        .object({
          input_tokens: tokenCount,
          output_tokens: maybeTokenCount,
          input_tokens_details: openaiCacheDetails,
        })
        .nullish(),
    })
    .nullish(),
});

/** As in chat completions, under other names (OpenAI's API reference, 'The response object'). */
export const openaiResponsesUsage: UsageFormat = {
  members: ['response'],
  counts: (answer) => {
    const usage = answerSchema.safeParse(answer).data?.response?.usage;
    if (usage === undefined || usage === null) return undefined;
    return {
      input: usage.input_tokens,
      cached: usage.input_tokens_details?.cached_tokens,
      written: usage.input_tokens_details?.cache_write_tokens,
      output: usage.output_tokens,
    };
  },
  sum: usageOf,
};
