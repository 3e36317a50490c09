import { toDisposable, type Disposable } from '../shared/disposable.ts';
import { Automaton } from './automaton.ts';
import { disguiseWords } from './encodings/disguised-runs.ts';
import { formsOf } from './encodings/value-forms.ts';
import { placeRules } from './named-secrets.ts';
import { shapes as builtIn } from './shapes/registry.ts';
import type { Rule } from './rule.ts';
import type { Shape } from './shape.ts';
import { rulesOf, type Strength } from './shape-rules.ts';

/** Shorter values would blank out ordinary words, and protect nothing. */
export const shortestValue = 4;
/** So many last characters of a value are looked for; the rest is compared where they stand. */
const suffixChars = 8;

/** A rule to ask, the forms of loaded values that end alike, the longest first, or the beginning of a disguise. */
export type Hit =
  | { readonly rule: Rule; readonly length: number }
  | { readonly forms: readonly string[] }
  | { readonly disguise: string };

export interface Search {
  readonly automaton: Automaton<Hit>;
  /** No find begins further before the end of its word. */
  readonly reach: number;
}

function reachOf(hit: Hit): number {
  if ('disguise' in hit) return 0;
  // The forms are sorted.
  return 'forms' in hit ? (hit.forms[0]?.length ?? 0) : hit.length + (hit.rule.reach ?? 0);
}

/**
 * What is looked for: the secrets that are loaded now, in every form in which they may turn up, and the shapes, with
 * the user's own. The loaded values are the only cover for keys that have no shape (Mistral, Cohere, Azure's 32 hex
 * digits).
 */
export class KnownSecrets {
  readonly #owners = new Map<string, number>();
  readonly #compiled = new Map<Strength, Search>();
  #own: readonly Shape[] = [];

  /** Looks for `value` until disposed. Values under 4 characters are ignored: they would blank ordinary words. */
  add(value: string): Disposable {
    if (value.length < shortestValue) return toDisposable(() => undefined);
    this.#count(value, 1);
    return toDisposable(() => {
      this.#count(value, -1);
    });
  }

  /** Looks for these shapes too, in place of those that were given before. */
  useShapes(own: readonly Shape[]): void {
    if (own.length === 0 && this.#own.length === 0) return;
    this.#own = own;
    this.#compiled.clear();
  }

  /** Finds all of it: with `loose`, also the places where secrets are kept. */
  search(strength: Strength): Search {
    const known = this.#compiled.get(strength);
    if (known !== undefined) return known;
    const disguises = disguiseWords.map((disguise) => [disguise, { disguise }] as const);
    const hits: (readonly [string, Hit])[] = [
      ...this.#ruleWords(strength),
      ...this.#valueWords(),
      ...disguises,
    ];
    const reach = hits.reduce((most, [, hit]) => Math.max(most, reachOf(hit)), 0);
    const made = { automaton: new Automaton<Hit>(hits), reach };
    this.#compiled.set(strength, made);
    return made;
  }

  #count(value: string, change: 1 | -1): void {
    const owners = (this.#owners.get(value) ?? 0) + change;
    if (owners > 0) this.#owners.set(value, owners);
    else this.#owners.delete(value);
    if (owners === 0 || (owners === 1 && change === 1)) this.#compiled.clear();
  }

  #ruleWords(strength: Strength): (readonly [string, Hit])[] {
    const rules = [
      ...rulesOf([...builtIn, ...this.#own], strength),
      ...(strength === 'loose' ? placeRules : []),
    ];
    return rules.flatMap((rule) => rule.words.map((word) => [word, { rule, length: word.length }] as const));
  }

  #valueWords(): (readonly [string, Hit])[] {
    const forms = [...new Set([...this.#owners.keys()].flatMap(formsOf))].filter((form) => form !== '');
    return [...Map.groupBy(forms, (form) => form.slice(-suffixChars))].map(
      ([suffix, alike]) =>
        [suffix, { forms: alike.sort((left, right) => right.length - left.length) }] as const,
    );
  }
}

/** The shapes alone, for texts that cannot have a stored key in them. */
export const nothingLoaded = new KnownSecrets();
