import type { Outcome } from '../guard/outcome.ts';

/**
 * A request that could not even be written: a key with a line break, a prompt with a file that the dialect cannot
 * carry. It is the request that is bad, which is what the status 400 says; a repetition cannot help, and the
 * provider is not to blame.
 */
export function unsendable(message: string): Outcome {
  return { kind: 'http', status: 400, message };
}
