import * as z from 'zod';
import type { UsageFormat } from '../dialect.ts';
import { maybeTokenCount, usageOf } from '../usage-counts.ts';

const countsSchema = z
  .object({
    input_tokens: maybeTokenCount,
    cache_creation_input_tokens: maybeTokenCount,
    cache_creation: z.object({ ephemeral_1h_input_tokens: maybeTokenCount }).nullish(),
    cache_read_input_tokens: maybeTokenCount,
    output_tokens: maybeTokenCount,
  })
  .transform(({ cache_creation, ...counts }) => ({
    ...counts,
    hour_input_tokens: cache_creation?.ephemeral_1h_input_tokens,
  }));

/** `message_start` has it inside `message`; `message_delta` and a whole answer at the top. */
const answerSchema = z.union([
  z.object({ usage: countsSchema }).transform(({ usage }) => usage),
  z.object({ message: z.object({ usage: countsSchema }) }).transform(({ message }) => message.usage),
]);

/**
 * `input_tokens` excludes tokens that are read from the cache or written to it (Anthropic's API reference, 'Prompt
 * caching').
 */
export const anthropicMessagesUsage: UsageFormat = {
  members: ['usage', 'message'],
  counts: (answer) => answerSchema.safeParse(answer).data,
  sum: ({
    input_tokens: input = 0,
    cache_creation_input_tokens: written = 0,
    hour_input_tokens: hour = 0,
    cache_read_input_tokens: cached = 0,
    output_tokens: output = 0,
  }) => usageOf({ input: input + written + cached, cached, written, hour, output }),
};
