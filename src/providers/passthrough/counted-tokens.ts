import type { PassThroughPrompt } from '../../guard/call.ts';
import { passThroughFormat } from '../dialects/dialects.ts';

/** The guard's own estimate, as an answer to a count in the prompt's dialect. */
export function countedTokens({ dialect, inputTokens }: PassThroughPrompt): Buffer {
  const [name] = passThroughFormat(dialect)?.operations?.count?.answerMembers ?? [];
  if (name === undefined) throw new TypeError(`${dialect} has no count`);
  return Buffer.from(JSON.stringify({ [name]: inputTokens }));
}
