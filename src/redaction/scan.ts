import type { Automaton } from './automaton.ts';
import { Runs } from './char-sets.ts';
import type { Hit, KnownSecrets } from './known-secrets.ts';
import type { Find, Reading } from './rule.ts';
import type { Strength } from './shape-rules.ts';

/**
 * One reading of a text for secrets, in slices if need be. Its time grows with the text and the finds alone.
 */
export class Scan implements Reading {
  readonly text: string;
  readonly runs: Runs;
  foundTo = -1;
  readonly #automaton: Automaton<Hit>;
  readonly #finds: Find[] = [];
  #state: number;
  #at = 0;
  /** What begins before this is a part of the last find by shape or place. */
  #coveredTo = 0;

  constructor(text: string, known: KnownSecrets, strength: Strength) {
    this.text = text;
    this.runs = new Runs(text);
    this.#automaton = known.automaton(strength);
    this.#state = this.#automaton.start;
  }

  /** Reads on for at most `chars`. False at the end of the text. */
  advance(chars = this.text.length): boolean {
    const to = Math.min(this.text.length, this.#at + chars);
    this.#state = this.#automaton.read(this.text, this.#at, to, this.#state, this.#meet);
    this.#at = to;
    return to < this.text.length;
  }

  /** What was found so far, in order; finds that overlap are one. */
  get finds(): readonly Find[] {
    return this.#finds;
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
    const finds = this.#finds;
    let joined = find;
    for (let last = finds[finds.length - 1]; last !== undefined && last.end > joined.start;) {
      joined = join(last, joined);
      finds.length -= 1;
      last = finds[finds.length - 1];
    }
    finds.push(joined);
    this.foundTo = joined.end;
  }
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
