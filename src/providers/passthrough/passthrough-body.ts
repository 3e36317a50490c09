import * as z from 'zod';
import type { PassThroughPrompt } from '../../guard/call.ts';
import type { PassThroughFormat } from '../dialects/dialect.ts';
import { outputLimitNames, type OutputLimitName } from '../dialects/quirks.ts';
import { valueText, withMembers } from '../../shared/json-members.ts';

export interface PassThroughBody {
  readonly body: Uint8Array;
  /** The guard, not the client, asked for usage: the client must not see the event that has nothing but usage. */
  readonly hidesUsage: boolean;
  /** The name under which the guard, not the client, limits the output. */
  readonly ownLimit?: OutputLimitName;
}

const alternatives = z.int().positive().nullish();

/**
 * The body to send: the client's bytes with the provider's name for the model, the request for usage, and the limit
 * that strict caps set for a request without one.
 */
export function passThroughBodyFor(
  prompt: PassThroughPrompt,
  { modelInPath, usageOption, limitName, limit, operations }: PassThroughFormat,
  model: string,
  outputLimit: OutputLimitName | undefined,
  asksForUsage: boolean,
): PassThroughBody {
  const { body, streams, maxOutputTokens, operation } = prompt;
  const valueOf = (name: string): unknown => JSON.parse(valueText(body, name) ?? 'null');
  const isLimited = maxOutputTokens !== undefined && maxOutputTokens > 0;
  const changes: Record<string, string> = { ...(isLimited ? limit?.(body, maxOutputTokens) : {}) };
  let ownLimit: OutputLimitName | undefined;
  if (modelInPath === undefined && valueOf('model') !== model) changes['model'] = JSON.stringify(model);
  const asking = streams && asksForUsage ? usageOption?.ask(valueOf(usageOption.name)) : undefined;
  if (usageOption !== undefined && asking !== undefined) changes[usageOption.name] = JSON.stringify(asking);
  if (limitName !== undefined && maxOutputTokens !== undefined && !(Number(valueOf(limitName)) > 0))
    changes[limitName] = String(maxOutputTokens);
  const limits = outputLimitNames.filter((name) => valueOf(name) !== null);
  // A limit of 0 for which more was reserved counts as none, and so does -1.
  const isUnlimited = limits.length === 0 || limits.some((name) => Number(valueOf(name)) <= 0);
  if (limitName === undefined && limit === undefined && isLimited && isUnlimited) {
    const answers = prompt.answers ?? alternatives.safeParse(valueOf('n')).data ?? 1;
    const each = Math.floor(maxOutputTokens / answers);
    const newName = operation === 'completions' ? undefined : outputLimit;
    if (limits.length === 0) ownLimit = newName ?? 'max_tokens';
    for (const name of ownLimit === undefined ? limits : [ownLimit])
      changes[name] = String(Math.max(1, each));
  }
  const changed = Object.keys(changes).length === 0 ? body : withMembers(body, changes);
  const other = operation === undefined ? undefined : operations?.[operation]?.bodyOf?.(changed, model);
  return {
    body: other ?? changed.bytes,
    hidesUsage: asking !== undefined,
    ...(ownLimit === undefined ? {} : { ownLimit }),
  };
}
