import * as z from 'zod';

const chunk = z.object({ choices: z.array(z.object({ delta: z.unknown().optional() })) });
const block = z.object({
  type: z.enum(['content_block_start', 'content_block_delta']),
  content_block: z.unknown().optional(),
  delta: z.unknown().optional(),
});

/** What opens, names or signs content, but is none. */
const labels = new Set(['role', 'id', 'type', 'name', 'index', 'signature']);
/** Deeper than any API's content; a hostile answer could be nested without end. */
const maxDepth = 8;

/**
 * Bytes of content in one event of an answer, given as its JSON; 0 for one that has none: a role alone, a block's
 * beginning, a ping. Whatever else a provider puts where its content stands counts, as new kinds of it come every year.
 */
export function contentBytes(json: unknown): number {
  const { choices } = chunk.safeParse(json).data ?? {};
  if (choices !== undefined) return choices.reduce((sum, { delta }) => sum + textBytes(delta, 0), 0);
  const { content_block: opened, delta } = block.safeParse(json).data ?? {};
  return textBytes(opened, 0) + textBytes(delta, 0);
}

function textBytes(value: unknown, depth: number): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value !== 'object' || value === null || depth > maxDepth) return 0;
  let bytes = 0;
  for (const [name, item] of Object.entries(value)) {
    if (!labels.has(name)) bytes += textBytes(item, depth + 1);
  }
  return bytes;
}
