import type { Decoding } from '../decoding.ts';
import type { DecodedTools } from '../decoded-tools.ts';
import type { Tool } from './request.ts';

/** The tools of a request. Those of a namespace get names of their own, because a prompt has no groups. */
export function addTools(list: readonly Tool[], tools: DecodedTools, decoding: Decoding): void {
  for (const each of list) {
    const { type, name } = each;
    if (type === 'namespace') {
      for (const inner of each.tools ?? []) addTool(inner, name ?? '', tools, decoding);
    } else addTool(each, undefined, tools, decoding);
  }
}

function addTool(
  { type, name, description, parameters: schema, strict, format }: Tool,
  namespace: string | undefined,
  tools: DecodedTools,
  decoding: Decoding,
): void {
  if (typeof name !== 'string' || (type !== 'function' && type !== 'custom')) {
    tools.provider(type, name ?? undefined);
    return;
  }
  const known = promptName(name, namespace, decoding);
  if (type === 'custom') tools.custom(known, description ?? undefined, format);
  else tools.function({ name: known, description, schema, strict });
  if (known !== name)
    decoding.tools.set(known, { ...decoding.tools.get(known), name, namespace: namespace ?? '' });
}

/** The name of a tool in the prompt. */
export function promptName(name: string, namespace: string | null | undefined, decoding: Decoding): string {
  if (namespace === undefined || namespace === null || namespace === '') return name;
  const known = `${namespace}__${name}`;
  // A call in the conversation may belong to a tool that the client has stopped offering.
  if (!decoding.tools.has(known)) decoding.tools.set(known, { name, namespace });
  return known;
}
