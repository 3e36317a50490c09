import { isObject } from '../../../shared/json.ts';
import type { Prompt } from '../../../guard/call.ts';
import type { BodyChange } from '../dialect.ts';

/**
 * While a model that thinks calls tools, the API wants its thinking back (its page on extended thinking). Where that is
 * lost, the model has to answer without thinking.
 */
export function withoutLostThinking({ prompt }: Prompt): BodyChange | undefined {
  const last = prompt.findLast(({ role }) => role === 'assistant' || role === 'user');
  if (last?.role !== 'assistant') return undefined;
  const [first] = last.content;
  if (first === undefined || first.type === 'reasoning') return undefined;
  return (body) => {
    const { thinking, ...rest } = body;
    return isObject(thinking) && thinking['type'] === 'enabled' ? rest : body;
  };
}
