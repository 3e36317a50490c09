import type { Redactor } from '../redaction/redact.ts';
import type { Disposable } from '../shared/disposable.ts';
import { vaultLimits } from '../shared/limits.ts';
import type { MasterKey } from './master-key.ts';

/**
 * The keys that the redaction and the prompt check know: the master keys, and each provider's key with its last
 * earlier values. They stay known until the process ends, because a renewed key may still be valid.
 */
export class KnownKeys {
  readonly #redactor: Pick<Redactor, 'register'>;
  /** The values of each provider, the latest last. */
  readonly #values = new Map<string, Map<string, Disposable>>();
  readonly #masterKeys = new Set<string>();

  constructor(redactor: Pick<Redactor, 'register'>) {
    this.#redactor = redactor;
  }

  add(provider: string, value: string): void {
    const values = this.#values.get(provider) ?? new Map<string, Disposable>();
    this.#values.set(provider, values);
    const registered = values.get(value) ?? this.#redactor.register(value);
    values.delete(value);
    values.set(value, registered);
    for (const [earliest, disposable] of values) {
      if (values.size <= 1 + vaultLimits.earlierValues) return;
      values.delete(earliest);
      disposable.dispose();
    }
  }

  addMasterKeys(keys: readonly MasterKey[]): void {
    for (const key of keys) {
      if (this.#masterKeys.has(key.kid)) continue;
      this.#masterKeys.add(key.kid);
      for (const spelling of key.spellings()) this.#redactor.register(spelling);
    }
  }
}
