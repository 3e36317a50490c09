import type { Automaton } from './automaton.ts';
import { Runs } from './char-sets.ts';
import { EncodedRuns } from './encoded-runs.ts';
import type { Hit, KnownSecrets } from './known-secrets.ts';
import type { Find, Reading } from './rule.ts';
import type { Strength } from './shape-rules.ts';

/** Base64 in base64, as a registry's password in a Kubernetes secret. */
const deepestEncoding = 2;

/**
 * One reading of a text for secrets, in slices if need be. Its time grows with the text and the finds alone.
 */
export class Scan implements Reading {
  readonly text: string;
  readonly runs: Runs;
  foundTo = -1;
  readonly #automaton: Automaton<Hit>;
  readonly #finds: Find[] = [];
  readonly #encoded: EncodedRuns | undefined;
  #state: number;
  #at = 0;
  /** What begins before this is a part of the last find by shape or place. */
  #coveredTo = 0;

  constructor(text: string, known: KnownSecrets, strength: Strength, encodings = deepestEncoding) {
    this.text = text;
    this.runs = new Runs(text);
    this.#automaton = known.automaton(strength);
    this.#state = this.#automaton.start;
    this.#encoded =
      encodings === 0
        ? undefined
        : new EncodedRuns(text, (decoded) => {
            const scan = new Scan(decoded, known, strength, encodings - 1);
            scan.advance();
            return scan.finds;
          });
  }

  /** Reads on for at most `chars`. False at the end of the text. */
  advance(chars = this.text.length): boolean {
    const to = Math.min(this.text.length, this.#at + chars);
    this.#state = this.#automaton.read(this.text, this.#at, to, this.#state, this.#meet);
    this.#encoded?.advance(to);
    this.#at = to;
    return to < this.text.length;
  }

  /** What was found so far, in order; finds that overlap are one. */
  get finds(): readonly Find[] {
    const encoded = this.#encoded?.finds ?? [];
    return encoded.length === 0 ? this.#finds : merge(this.#finds, encoded);
  }

  readonly #meet = (hit: Hit, end: number): void => {
    if ('forms' in hit) {
      const form = hit.forms.find((known) => this.text.startsWith(known, end - known.length));
      if (form !== undefined) this.#add({ what: 'loaded', start: end - form.length, end });
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
  for (const find of [...left, ...right].sort((a, b) => a.start - b.start)) addTo(merged, find);
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
