import * as z from 'zod';
import type { UsageFormat } from '../dialect.ts';
import { maybeTokenCount, tokenCount, usageOf } from '../usage-counts.ts';

/** The same in the Responses API. */
export const openaiCacheDetails = z
  .object({ cached_tokens: maybeTokenCount, cache_write_tokens: maybeTokenCount })
  .nullish();

const answerSchema = z.object({
  // Most events have no usage, and failing for each of them would cost more than parsing it.
  usage: z
    .object({
      prompt_tokens: tokenCount,
      // An embedding has no completion, and does not report one.
      completion_tokens: maybeTokenCount,
      // A figure that only explains the others spoils none of them.
      total_tokens: maybeTokenCount.catch(undefined),
      prompt_tokens_details: openaiCacheDetails,
      completion_tokens_details: z.object({ reasoning_tokens: maybeTokenCount }).nullish().catch(undefined),
    })
    .nullish(),
});

type ChatUsage = NonNullable<z.infer<typeof answerSchema>['usage']>;

/**
 * `prompt_tokens` includes cached tokens, read and written, and `completion_tokens` includes reasoning (OpenAI's API
 * reference, 'The chat completion object'). But xAI counts reasoning beside `completion_tokens`, as its total shows
 * (its documentation, 'Consumption and Rate Limits').
 */
export const openaiChatUsage: UsageFormat = {
  members: ['usage'],
  counts: (answer) => {
    const usage = answerSchema.safeParse(answer).data?.usage;
    if (usage === undefined || usage === null) return undefined;
    return {
      input: usage.prompt_tokens,
      cached: usage.prompt_tokens_details?.cached_tokens,
      written: usage.prompt_tokens_details?.cache_write_tokens,
      output: outputOf(usage),
    };
  },
  sum: usageOf,
};

/** Adds reasoning if the provider's own total shows that it is counted beside the rest. */
function outputOf({ prompt_tokens, completion_tokens: output, total_tokens, ...usage }: ChatUsage) {
  const reasoning = usage.completion_tokens_details?.reasoning_tokens ?? 0;
  const isBeside = output !== undefined && total_tokens === prompt_tokens + output + reasoning;
  return isBeside ? output + reasoning : output;
}
