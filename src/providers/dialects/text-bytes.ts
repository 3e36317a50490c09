import { answerLimits } from '../../shared/limits.ts';

/** Members that open, name or sign content but are not content. */
const labels = new Set(['role', 'id', 'type', 'name', 'index', 'signature']);

/**
 * Bytes of all strings in a value of JSON, except for labels. Unknown members count, because providers add new kinds
 * of content every year.
 */
export function textBytes(value: unknown, depth = 0): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value !== 'object' || value === null || depth > answerLimits.contentDepth) return 0;
  let bytes = 0;
  for (const [name, item] of Object.entries(value)) {
    if (!labels.has(name)) bytes += textBytes(item, depth + 1);
  }
  return bytes;
}
