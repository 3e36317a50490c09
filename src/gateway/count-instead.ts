import type { PassThroughPrompt } from '../guard/call.ts';
import type { CallResult } from '../guard/call-state.ts';
import { countedTokens } from '../providers/passthrough/counted-tokens.ts';

/** Refusals that a count does not pass on: the provider is not asked, but the guard can estimate. */
const aboutTheProvider: ReadonlySet<string> = new Set(['circuit', 'paused', 'rest', 'outOfCredit']);

/**
 * The guard's estimate in the place of a count that the provider did not answer. A client without a count may send paid
 * requests to find out.
 */
export function countInstead(prompt: PassThroughPrompt): (result: CallResult) => Uint8Array | undefined {
  return (result) => {
    const isRefused = result.kind === 'refused' && !aboutTheProvider.has(result.refusal.kind);
    return isRefused || result.kind === 'aborted' ? undefined : countedTokens(prompt);
  };
}
