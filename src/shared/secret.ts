import { inspect } from 'node:util';

const shown = '[secret]';

/**
 * A string that does not print: not in a template, not in JSON, not in the console. Only `vault/` and `providers/`
 * call `reveal()`; a test enforces this.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return shown;
  }

  toJSON(): string {
    return shown;
  }

  [inspect.custom](): string {
    return shown;
  }
}
