import type { Wording } from './l10n.ts';

export interface SizeLimits {
  readonly depth: number;
  /** Names and values together. */
  readonly values: number;
  readonly chars: number;
}

/**
 * What several values from outside may have together. A value is measured before anything else looks at it, because a
 * schema or `JSON.stringify` goes through all of it, however large or deep it is.
 */
export class SizeBudget {
  readonly #depth: number;
  #values: number;
  #chars: number;

  constructor({ depth, values, chars }: SizeLimits) {
    this.#depth = depth;
    this.#values = values;
    this.#chars = chars;
  }

  /** Why the value does not fit, or undefined. One that does not fit takes nothing of the budget. */
  refuse(value: unknown): Wording | undefined {
    const before = [this.#values, this.#chars] as const;
    const problem = this.#take(value);
    if (problem !== undefined) [this.#values, this.#chars] = before;
    return problem;
  }

  #take(whole: unknown): Wording | undefined {
    const waiting: (readonly [value: unknown, depth: number])[] = [[whole, 0]];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [value, depth] = next;
      this.#values -= 1;
      if (typeof value === 'string') this.#chars -= value.length;
      else if (typeof value === 'object' && value !== null) {
        if (depth === this.#depth) return (l10n) => l10n.t('is nested too deeply');
        this.#takeNames(value);
        // What has too many members is not even gone through.
        if (!this.#isSpent()) {
          for (const member of Object.values(value)) waiting.push([member, depth + 1]);
        }
      }
      if (this.#isSpent()) return (l10n) => l10n.t('is too large');
    }
    return undefined;
  }

  #takeNames(value: object): void {
    if (Array.isArray(value)) {
      if (value.length > this.#values) this.#values = -1;
      return;
    }
    const names = Object.keys(value);
    this.#values -= names.length;
    if (this.#isSpent()) return;
    for (const name of names) this.#chars -= name.length;
  }

  #isSpent(): boolean {
    return this.#values < 0 || this.#chars < 0;
  }
}
