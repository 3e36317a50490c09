import type { Wording } from '../shared/l10n.ts';
import type { CharSet, Runs } from './char-sets.ts';

/**
 * How sure a find in a prompt is.
 * - `prefix`: nothing else begins like this and is as long.
 * - `random`: ordinary words can look like this, so what follows the prefix has to look random.
 * - `named`: the value could be anything; it counts only after the name of a setting.
 */
export type Precision = 'prefix' | 'random' | 'named';

interface Described {
  /** A stable id, for audit rows and tests. */
  readonly kind: string;
  /** What a user reads. */
  readonly label: Wording;
  readonly precision: Precision;
}

/** A key that begins with a fixed text. */
export interface PrefixShape extends Described {
  readonly form: 'prefix';
  readonly prefixes: readonly string[];
  /** What follows the prefix. */
  readonly chars: CharSet;
  /** From how many characters on it is blanked in logs, where a blanked word is better than a leaked key. */
  readonly loose: number;
  /** How many characters a key has at least that the provider really issued: what counts in prompts. */
  readonly full: number;
  /** A longer run is something else. */
  readonly max?: number;
  /** What often stands right behind it, and is a part of the find. */
  readonly partner?: { readonly chars: CharSet; readonly length: number };
  /** What else holds for the characters after the prefix, from `from` to `to`. */
  readonly accepts?: (text: string, from: number, to: number, runs: Runs) => boolean;
}

/** A key with a fixed text in its middle or at its end. */
export interface MarkerShape extends Described {
  readonly form: 'marker';
  readonly marker: string;
  readonly before: { readonly chars: CharSet; readonly min: number; readonly max: number };
  readonly after: { readonly chars: CharSet; readonly min: number };
  /** Its first character need not begin a word. */
  readonly glued?: true;
  /** What else holds; `at` is where the marker stands. Asked first, so it has to be fast. */
  readonly accepts?: (text: string, at: number) => boolean;
}

/** A value without a shape of its own after a name that tells what it is. */
export interface NamedShape extends Described {
  readonly form: 'named';
  readonly precision: 'named';
  /** In lower case; `_`, `-` and nothing may stand between their words. */
  readonly names: readonly string[];
  readonly chars: CharSet;
  readonly full: number;
  readonly max?: number;
}

/** A private key between its marker lines. */
export interface BlockShape extends Described {
  readonly form: 'block';
}

/** The password in `scheme://user:password@host`. */
export interface UrlShape extends Described {
  readonly form: 'url';
}

/** What one kind of secret looks like. `test/support/secret-sources.ts` names its documentation, which nothing loads. */
export type Shape = PrefixShape | MarkerShape | NamedShape | BlockShape | UrlShape;

type Given = Pick<PrefixShape, 'max' | 'accepts' | 'partner'>;

/** A shape by its prefix. `sizes`: of the rest, as `loose` and `full`. */
export function prefixed(
  kind: string,
  label: Wording,
  prefixes: readonly string[],
  [chars, loose, full]: readonly [chars: CharSet, loose: number, full: number],
  precision: 'prefix' | 'random' = 'prefix',
  given: Given = {},
): PrefixShape {
  return { form: 'prefix', kind, label, precision, prefixes, chars, loose, full, ...given };
}

export function keyOf(brand: string): Wording {
  return (l10n) => l10n.t('{0} key', brand);
}

export function tokenOf(brand: string): Wording {
  return (l10n) => l10n.t('{0} token', brand);
}

export function webhookOf(brand: string): Wording {
  return (l10n) => l10n.t('{0} webhook', brand);
}
