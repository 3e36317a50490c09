import * as z from 'zod';
import type { ReportedUsage } from '../guard/sender.ts';
import type { Dialect } from './catalogue.ts';

const count = z.number().nonnegative();

const openaiChatUsage = z.object({
  usage: z.object({
    prompt_tokens: count,
    // An embedding completes nothing, and says nothing about it.
    completion_tokens: count.nullish(),
    prompt_tokens_details: z.object({ cached_tokens: count.nullish() }).nullish(),
  }),
});

/**
 * Usage, in tokens, from one event of a stream or from a whole JSON answer; undefined where it reports none.
 * A reported 0 is a 0. In openai-chat the cached tokens are inside `prompt_tokens` (OpenAI's API reference, 'The
 * chat completion object').
 */
export function readUsage(dialect: Dialect, answer: unknown): ReportedUsage | undefined {
  return readers[dialect](answer);
}

const readers: Readonly<Record<Dialect, (answer: unknown) => ReportedUsage | undefined>> = {
  'openai-chat': (answer) => {
    const parsed = openaiChatUsage.safeParse(answer);
    if (!parsed.success) return undefined;
    const { prompt_tokens, completion_tokens, prompt_tokens_details } = parsed.data.usage;
    return {
      inputTokens: prompt_tokens,
      cachedInputTokens: Math.min(prompt_tokens_details?.cached_tokens ?? 0, prompt_tokens),
      outputTokens: completion_tokens ?? 0,
    };
  },
};
