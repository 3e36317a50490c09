import { redactionLimits } from '../shared/limits/redaction-limits.ts';
import type { Automaton } from './automaton.ts';
import { Runs } from './char-sets.ts';
import { DisguisedRuns } from './encodings/disguised-runs.ts';
import { EncodedRuns } from './encodings/encoded-runs.ts';
import type { Hit, KnownSecrets } from './known-secrets.ts';
import type { Find, Reading } from './rule.ts';
import type { Strength } from './shape-rules.ts';

/** Base64 in base64, as a registry's password in a Kubernetes secret, or escapes of escapes. */
const deepestEncoding = 2;

/** All secrets in a text, in order; finds that overlap are one. */
export function findsIn(text: string, known: KnownSecrets, strength: Strength): readonly Find[] {
  return findsWithin(text, known, strength, deepestEncoding);
}

function findsWithin(
  text: string,
  known: KnownSecrets,
  strength: Strength,
  encodings: number,
): readonly Find[] {
  const scan = new Scan(text, known, strength, encodings);
  scan.advance();
  return scan.take();
}

/**
 * One reading of a text for secrets, in slices if need be. Its time grows with the text and the finds alone, and its
 * memory does not grow if the finds are taken after each slice.
 */
export class Scan implements Reading {
  readonly text: string;
  readonly runs: Runs;
  foundTo = -1;
  readonly #automaton: Automaton<Hit>;
  readonly #reach: number;
  readonly #finds: Find[] = [];
  readonly #encoded: EncodedRuns | undefined;
  readonly #disguised: DisguisedRuns | undefined;
  #state: number;
  #at = 0;
  /** What begins before this is a part of the last find by shape or place. */
  #coveredTo = 0;

  constructor(text: string, known: KnownSecrets, strength: Strength, encodings = deepestEncoding) {
    this.text = text;
    this.runs = new Runs(text);
    const { automaton, reach } = known.search(strength);
    this.#automaton = automaton;
    this.#reach = reach;
    this.#state = automaton.start;
    if (encodings === 0) return;
    const search = (inner: string) => findsWithin(inner, known, strength, encodings - 1);
    this.#encoded = new EncodedRuns(text, search);
    this.#disguised = new DisguisedRuns(text, search);
  }

  /** Reads on for at most `chars`. False at the end of the text. */
  advance(chars = this.text.length): boolean {
    const end = Math.min(this.text.length, this.#at + chars);
    while (this.#at < end) {
      const to = Math.min(end, this.#at + redactionLimits.searchedChars);
      this.#state = this.#automaton.read(this.text, this.#at, to, this.#state, this.#meet);
      this.#encoded?.advance(to);
      this.#disguised?.advance(to);
      this.#at = to;
    }
    return end < this.text.length;
  }

  /** What was found since the last time, in order, as far as nothing that follows can become a part of it. */
  take(): readonly Find[] {
    const lists = [this.#finds, this.#encoded?.finds ?? [], this.#disguised?.finds ?? []].filter(
      (list) => list.length > 0,
    );
    const to = settledWithin(lists, this.#settledTo);
    const [first = [], ...others] = lists.map((list) => takeTo(list, to)).filter((list) => list.length > 0);
    return others.reduce(merge, first);
  }

  /** No later find begins before this. */
  get #settledTo(): number {
    if (this.#at === this.text.length) return this.#at;
    const { openFrom: encodedFrom = this.#at } = this.#encoded ?? {};
    const { openFrom: disguisedFrom = this.#at } = this.#disguised ?? {};
    return Math.min(this.#at + 1 - this.#reach, encodedFrom, disguisedFrom);
  }

  readonly #meet = (hit: Hit, end: number): void => {
    if ('forms' in hit) {
      const form = hit.forms.find((known) => this.text.startsWith(known, end - known.length));
      if (form !== undefined) this.#add({ what: 'loaded', start: end - form.length, end });
      return;
    }
    if ('disguise' in hit) {
      this.#disguised?.meet(end - hit.disguise.length);
      return;
    }
    const start = end - hit.length;
    if (start < this.#coveredTo) return;
    const find = hit.rule.find(this, start, end);
    if (find === undefined) return;
    this.#coveredTo = find.end;
    this.#add(find);
  };

  #add(find: Find): void {
    addTo(this.#finds, find);
    this.foundTo = this.#finds.at(-1)?.end ?? 0;
  }
}

/** The last place up to `end` that is in no find. */
function settledWithin(lists: readonly (readonly Find[])[], end: number): number {
  let to = end;
  for (;;) {
    const before = Math.min(to, ...lists.map((list) => list[countTo(list, to)]?.start ?? to));
    if (before === to) return to;
    to = before;
  }
}

/** How many finds end up to `end`. */
function countTo(list: readonly Find[], end: number): number {
  let count = list.length;
  while (count > 0 && (list[count - 1]?.end ?? 0) > end) count -= 1;
  return count;
}

/** Takes the finds that end up to `end` out of the list. */
function takeTo(list: Find[], end: number): Find[] {
  return list.splice(0, countTo(list, end));
}

/** No other find begins and ends behind `find`. Those that it overlaps become a part of it. */
function addTo(finds: Find[], find: Find): void {
  let joined = find;
  for (let last = finds.at(-1); last !== undefined && last.end > joined.start; last = finds.at(-1)) {
    joined = join(last, joined);
    finds.length -= 1;
  }
  finds.push(joined);
}

/** All of both, in order. */
function merge(left: readonly Find[], right: readonly Find[]): Find[] {
  const merged: Find[] = [];
  let at = 0;
  for (const find of left) {
    for (let other = right[at]; other !== undefined && other.start < find.start; other = right[at]) {
      addTo(merged, other);
      at += 1;
    }
    addTo(merged, find);
  }
  for (; at < right.length; at += 1) addTo(merged, right[at] as Find);
  return merged;
}

/** The stretch of both. A loaded value names it, else what begins first. */
function join(left: Find, right: Find): Find {
  const first = right.start < left.start ? right : left;
  const what = [left, right].find((find) => find.what === 'loaded')?.what ?? first.what;
  const end = Math.max(left.end, right.end);
  const { kept } = first;
  return kept === undefined || left.start === right.start
    ? { what, start: first.start, end }
    : { what, start: first.start, end, kept };
}
