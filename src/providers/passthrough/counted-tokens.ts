import type { PassThroughPrompt } from '../../guard/call.ts';

/** The guard's own estimate, as an answer to Anthropic's `count_tokens`. */
export function countedTokens({ inputTokens }: PassThroughPrompt): Buffer {
  return Buffer.from(JSON.stringify({ input_tokens: inputTokens }));
}
