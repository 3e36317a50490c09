import type { Runs } from './char-sets.ts';
import type { Shape } from './shape.ts';

/** A text that is being looked through. */
export interface Reading {
  readonly text: string;
  readonly runs: Runs;
  /** The index after the last find; what stands right behind one begins a word. */
  readonly foundTo: number;
}

/** A stretch of a text, in UTF-16 code units, from `start` to before `end`. */
export interface Find {
  /** What it looks like; `loaded` for a value that is in use here, `place` for one where secrets are kept. */
  readonly what: Shape | 'loaded' | 'place';
  readonly start: number;
  readonly end: number;
  /** The length of the beginning that names the kind and stays when the rest is blanked; absent: see `keptChars`. */
  readonly kept?: number;
}

/** Looks closer at where one of its words stands. */
export interface Rule {
  /** Found in any case. */
  readonly words: readonly string[];
  /** How many characters before its word a find may begin; absent: none. */
  readonly reach?: number;
  /** The word stands from `start` to before `end`. */
  find(reading: Reading, start: number, end: number): Find | undefined;
}
