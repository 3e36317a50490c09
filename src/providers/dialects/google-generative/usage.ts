import type { UsageFormat } from '../dialect.ts';
import { countIn, fieldsOf, usageOf } from '../usage-counts.ts';

/**
 * The prompt includes the cached tokens. Thoughts are billed as output, and the candidates do not include them
 * (Google's API reference, 'UsageMetadata').
 */
export const googleGenerativeUsage: UsageFormat = {
  members: ['usageMetadata'],
  counts: (answer) => {
    const { usageMetadata } = fieldsOf(answer);
    if (typeof usageMetadata !== 'object' || usageMetadata === null) return undefined;
    const usage = fieldsOf(usageMetadata);
    return {
      prompt: countIn(usage, 'promptTokenCount'),
      toolUse: countIn(usage, 'toolUsePromptTokenCount'),
      cached: countIn(usage, 'cachedContentTokenCount'),
      candidates: countIn(usage, 'candidatesTokenCount'),
      thoughts: countIn(usage, 'thoughtsTokenCount'),
    };
  },
  sum: ({ prompt, toolUse, cached, candidates, thoughts }) =>
    usageOf({ input: sumOf(prompt, toolUse), cached, output: sumOf(candidates, thoughts) }),
};

function sumOf(...counts: readonly (number | undefined)[]): number | undefined {
  const known = counts.filter((count) => count !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, count) => sum + count, 0);
}
