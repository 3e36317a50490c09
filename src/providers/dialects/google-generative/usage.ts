import * as z from 'zod';
import type { UsageFormat } from '../dialect.ts';
import { maybeTokenCount, usageOf } from '../usage-counts.ts';

const answerSchema = z.object({
  usageMetadata: z.object({
    promptTokenCount: maybeTokenCount,
    toolUsePromptTokenCount: maybeTokenCount,
    cachedContentTokenCount: maybeTokenCount,
    candidatesTokenCount: maybeTokenCount,
    thoughtsTokenCount: maybeTokenCount,
  }),
});

/**
 * The prompt includes the cached tokens. Thoughts are billed as output, and the candidates do not include them
 * (Google's API reference, 'UsageMetadata').
 */
export const googleGenerativeUsage: UsageFormat = {
  members: ['usageMetadata'],
  counts: (answer) => answerSchema.safeParse(answer).data?.usageMetadata,
  sum: ({
    promptTokenCount: prompt = 0,
    toolUsePromptTokenCount: toolUse = 0,
    cachedContentTokenCount: cached = 0,
    candidatesTokenCount: candidates = 0,
    thoughtsTokenCount: thoughts = 0,
  }) => usageOf({ input: prompt + toolUse, cached, output: candidates + thoughts }),
};
