/** Randomness, as it is passed to everything that depends on it. */
export interface Random {
  /** A number from 0 (included) to 1 (excluded). */
  next(): number;
}

export const systemRandom: Random = { next: () => Math.random() };
