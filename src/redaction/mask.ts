import { shapes } from './shapes/registry.ts';
import type { Find } from './rule.ts';

/** What stands in the place of a secret. */
export const mask = '***';
const star = 0x2a;

/** Every prefix of a known key by its first characters, the longest first. */
const prefixes = Map.groupBy(
  shapes
    .flatMap((shape) => (shape.form === 'prefix' ? shape.prefixes : []))
    .sort((left, right) => right.length - left.length),
  (prefix) => stemAt(prefix, 0),
);

/** By code: 1 where a prefix begins with this character. */
const beginnings = new Uint8Array(128);
for (const known of prefixes.values()) beginnings[known[0]?.charCodeAt(0) ?? 0] = 1;

/** The three characters from `start` on, as a number. */
function stemAt(text: string, start: number): number {
  const first = text.charCodeAt(start) * 0x4000;
  return first + text.charCodeAt(start + 1) * 0x80 + text.charCodeAt(start + 2);
}

/** `sk-***` for what starts like a known key, `***` for anything else. */
export function maskShape(secret: string): string {
  return secret.slice(0, keptChars(secret, 0, secret.length)) + mask;
}

/** Whether something blanked stands at `index`. */
export function isBlankedAt(text: string, index: number): boolean {
  return text.charCodeAt(index) === star && text.startsWith(mask, index);
}

/** The text with all finds blanked, but for their telling beginnings. */
export function maskFinds(text: string, finds: readonly Find[]): string {
  let clean = '';
  let end = 0;
  for (const { start, end: to, kept = keptChars(text, start, to) } of finds) {
    clean += text.slice(end, start + kept) + mask;
    end = to;
  }
  return end === 0 ? text : clean + text.slice(end);
}

/** The length of the prefix that names the kind of the secret from `start` to before `end`; 0 where there is none. */
export function keptChars(text: string, start: number, end: number): number {
  if (beginnings[text.charCodeAt(start)] !== 1) return 0;
  const known = prefixes.get(stemAt(text, start));
  const prefix = known?.find((one) => one.length < end - start && text.startsWith(one, start));
  return prefix?.length ?? 0;
}
