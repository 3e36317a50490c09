import type { Prompt } from '../../guard/call.ts';

type Effort = NonNullable<Prompt['reasoning']>;

/** How hard to think with so many tokens, for a dialect that takes words only. */
export function effortFor(tokens: number): Effort {
  if (tokens === 0) return 'none';
  if (tokens <= 4_096) return 'low';
  return tokens <= 16_384 ? 'medium' : 'high';
}

const shares: Readonly<Record<Effort, number>> = {
  'provider-default': 0,
  none: 0,
  minimal: 0.1,
  low: 0.2,
  medium: 0.5,
  high: 0.8,
  xhigh: 0.9,
  max: 0.95,
};

/** The fewest tokens that Anthropic takes for thinking. */
const fewest = 1_024;

/**
 * The tokens for thinking within the limit of an answer, and what is left of it for the rest. Undefined if the limit
 * leaves no room for both.
 */
export function budgetWithin(
  limit: number,
  wish: number | Effort,
): { readonly thinking: number; readonly rest: number } | undefined {
  const wanted = typeof wish === 'number' ? wish : Math.floor(limit * shares[wish]);
  const thinking = Math.min(Math.max(fewest, wanted), limit - 1);
  return thinking < fewest ? undefined : { thinking, rest: limit - thinking };
}
