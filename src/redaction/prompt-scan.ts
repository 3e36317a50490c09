import type { Wording } from '../shared/l10n.ts';
import { sliceLimits } from '../shared/limits/json-limits.ts';
import type { Work } from '../shared/slices.ts';
import type { KnownSecrets } from './known-secrets.ts';
import { maskFinds } from './mask.ts';
import type { Find } from './rule.ts';
import { findsIn, Scan } from './scan.ts';

/** A secret in an outgoing prompt: its kind and its position, never its text. */
export interface FoundSecret {
  /** The kind of a shape, or `loaded` for a registered key. */
  readonly kind: string;
  readonly label: Wording;
  /** In UTF-16 code units, like `length`. */
  readonly index: number;
  readonly length: number;
}

const keyInUse: Wording = (l10n) => l10n.t('stored key');

/**
 * The secrets in `text`, by position: registered ones by their exact value, others by their full-length shape. Ignores
 * places and loose shapes, because a prompt about `api_key = ...` or `sk-fading-circle` contains no secret.
 */
export function findSecrets(text: string, known: KnownSecrets): FoundSecret[] {
  return findsIn(text, known, 'full').map(secretOf);
}

/** The same in steps, for a text of any length. Calls `visit` for one secret in each step, and returns their number. */
export function* visitSecrets(
  text: string,
  known: KnownSecrets,
  visit: (secret: FoundSecret) => void,
): Work<number> {
  const scan = new Scan(text, known, 'full');
  let count = 0;
  for (let isMore = true; isMore;) {
    isMore = scan.advance(sliceLimits.chars);
    for (const find of scan.take()) {
      visit(secretOf(find));
      count += 1;
      yield;
    }
    if (isMore) yield;
  }
  return count;
}

/** The text with these secrets blanked. */
export function maskSecrets(text: string, known: KnownSecrets): string {
  return maskFinds(text, findsIn(text, known, 'full'));
}

function secretOf({ what, start, end }: Find): FoundSecret {
  const named =
    typeof what === 'string' ? { kind: 'loaded', label: keyInUse } : { kind: what.kind, label: what.label };
  return { ...named, index: start, length: end - start };
}
