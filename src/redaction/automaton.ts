import { redactionLimits } from '../shared/limits/redaction-limits.ts';
/**
 * A row has a column for each of the low seven bits of a UTF-16 code unit. So a letter beyond ASCII counts as some
 * ASCII letter, and what is found has to be compared once more.
 */
const columns = 128;
const columnMask = columns - 1;
/** Bytes are several times as fast to read as the characters of a string. */
const chunkChars = redactionLimits.searchedChars;

/**
 * Finds all of many words in one pass over a text, whatever the case of their letters (Aho and Corasick, 1975). Its
 * time grows with the text alone, not with the number of words.
 */
export class Automaton<T> {
  /** A row for each state: where the state's row for the next character begins. */
  readonly #table: Int32Array;
  readonly #start: number;
  /** The rows from here on are of states in which a word ends. */
  readonly #firstHit: number;
  /** What ends in these, in the order of their rows. */
  readonly #ending: (readonly T[])[] = [];
  readonly #bytes = Buffer.allocUnsafe(chunkChars);

  constructor(words: Iterable<readonly [word: string, value: T]>) {
    const trie = growTrie(words);
    const { next, ending } = connect(trie);
    // States in which a word ends come last, so that one comparison tells them.
    const order = [...ending.keys()].sort((a, b) => Number(isHit(ending[a])) - Number(isHit(ending[b])));
    const rowOf = new Int32Array(order.length);
    for (const [row, state] of order.entries()) rowOf[state] = row * columns;
    this.#table = new Int32Array(next.length);
    for (const [row, state] of order.entries()) {
      for (let column = 0; column < columns; column += 1) {
        const to = next[state * columns + lower(column)] ?? 0;
        this.#table[row * columns + column] = rowOf[to] ?? 0;
      }
      const values = ending[state] ?? [];
      if (isHit(values)) this.#ending.push(values);
    }
    this.#start = rowOf[0] ?? 0;
    this.#firstHit = (order.length - this.#ending.length) * columns;
  }

  /** The state before a text's first character. */
  get start(): number {
    return this.#start;
  }

  /**
   * Reads `text` from `from` to `to` and calls `found` for every word, with the index after it. Takes and gives the
   * state, so that a text can be read in slices.
   */
  read(
    text: string,
    from: number,
    to: number,
    before: number,
    found: (value: T, end: number) => void,
  ): number {
    const table = this.#table;
    const firstHit = this.#firstHit;
    const bytes = this.#bytes;
    let state = before;
    for (let start = from; start < to; start += chunkChars) {
      const length = Math.min(chunkChars, to - start);
      bytes.write(text.slice(start, start + length), 'latin1');
      for (let at = 0; at < length; at += 1) {
        state = table[state + ((bytes[at] ?? 0) & columnMask)] ?? 0;
        if (state < firstHit) continue;
        const values = this.#ending[(state - firstHit) / columns] ?? [];
        for (let n = 0; n < values.length; n += 1) found(values[n] as T, start + at + 1);
      }
    }
    return state;
  }
}

interface Trie<T> {
  /** A row for each state; 0 where no word goes on. */
  readonly next: Int32Array;
  readonly ending: T[][];
}

function growTrie<T>(words: Iterable<readonly [word: string, value: T]>): Trie<T> {
  const rows: Int32Array[] = [new Int32Array(columns)];
  const ending: T[][] = [[]];
  for (const [word, value] of words) {
    let state = 0;
    for (let at = 0; at < word.length; at += 1) {
      const column = lower(word.charCodeAt(at) & columnMask);
      const row = rows[state] ?? new Int32Array(columns);
      if (row[column] === 0) {
        row[column] = rows.push(new Int32Array(columns)) - 1;
        ending.push([]);
      }
      state = row[column] ?? 0;
    }
    ending[state]?.push(value);
  }
  const next = new Int32Array(rows.length * columns);
  for (const [state, row] of rows.entries()) next.set(row, state * columns);
  return { next, ending };
}

/** Breadth first: where no word goes on, the longest proper suffix that is a state itself does. */
function connect<T>({ next, ending }: Trie<T>): Trie<T> {
  const suffixOf = new Int32Array(ending.length);
  const queue = [0];
  for (const state of queue) {
    const suffix = suffixOf[state] ?? 0;
    if (state !== suffix) ending[state]?.push(...(ending[suffix] ?? []));
    for (let column = 0; column < columns; column += 1) {
      const child = next[state * columns + column] ?? 0;
      const inherited = state === 0 ? 0 : (next[suffix * columns + column] ?? 0);
      if (child === 0) next[state * columns + column] = inherited;
      else {
        suffixOf[child] = inherited;
        queue.push(child);
      }
    }
  }
  return { next, ending };
}

function isHit(values: readonly unknown[] | undefined): boolean {
  return values !== undefined && values.length > 0;
}

function lower(column: number): number {
  return column >= 65 && column <= 90 ? column + 32 : column;
}
