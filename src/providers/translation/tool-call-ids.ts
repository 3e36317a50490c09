import { createHash } from 'node:crypto';

/** What every dialect and every client takes as the id of a tool call. */
const plain = /^[A-Za-z0-9_-]+$/;
export const longestToolCallId = 64;

/** Marks an id that `toolCallIdOf` can turn back, and one that it cannot, because it was too long. */
const encoded = 'cgx_';
const hashed = 'cgh_';

/**
 * An id of a tool call that everyone takes: the same if it is plain, else in an encoding. Two ids are never made one.
 * `longest` is for servers that take less than 64 characters.
 */
export function safeToolCallId(id: string, longest = longestToolCallId): string {
  const isOurs = id.startsWith(encoded) || id.startsWith(hashed);
  if (plain.test(id) && id.length <= longest && !isOurs) return id;
  // What this function gave is given again, so that it can be applied twice.
  if (isOurs && id.length <= longest && plain.test(id) && (id.startsWith(hashed) || toolCallIdOf(id) !== id))
    return id;
  const text = encoded + Buffer.from(id).toString('base64url');
  if (text.length <= longest && id.isWellFormed()) return text;
  return hashed + createHash('sha256').update(id).digest('base64url').slice(0, 36);
}

/** The id from which `safeToolCallId` made this one, as far as it can be known; else the same. */
export function toolCallIdOf(safe: string): string {
  if (!safe.startsWith(encoded)) return safe;
  const id = Buffer.from(safe.slice(encoded.length), 'base64url').toString();
  const again = encoded + Buffer.from(id).toString('base64url');
  return again === safe && !(plain.test(id) && id.length <= longestToolCallId) ? id : safe;
}
