import type { Redactor } from '../redaction/redact.ts';
import { sleep, type Clock } from '../shared/clock.ts';
import { vaultLimits } from '../shared/limits.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { SecretStore } from './vault-ports.ts';

/** `store`: SecretStorage failed; the message is redacted. `storeSilent`: it does not answer. */
export type StoreRefusal =
  { readonly kind: 'store'; readonly message: string } | { readonly kind: 'storeSilent' };

export interface StoreAnswersPorts {
  readonly store: SecretStore;
  readonly redactor: Pick<Redactor, 'redactError'>;
  readonly clock: Clock;
  /** Called with true when SecretStorage no longer answers, and with false once it has answered everything. */
  readonly onSilence: (isSilent: boolean) => void;
  /** Something about this row may be known now that was not known before. */
  readonly onLateAnswer: (name: string) => void;
}

/**
 * SecretStorage with a deadline for each answer. A keyring that waits for its password in a hidden dialog never
 * answers, and must hold up neither a call nor the key of another provider.
 */
export class StoreAnswers {
  readonly #ports: StoreAnswersPorts;
  readonly #unanswered = new Set<Promise<unknown>>();
  /** Since when the read of a row is not answered. */
  readonly #silentReads = new Map<string, number>();

  constructor(ports: StoreAnswersPorts) {
    this.#ports = ports;
  }

  async read(name: string): Promise<Result<string | undefined, StoreRefusal>> {
    const { store, clock } = this.#ports;
    const sinceMs = this.#silentReads.get(name);
    if (sinceMs !== undefined && clock.monotonicMs() - sinceMs < vaultLimits.askAgainMs)
      return err({ kind: 'storeSilent' });
    const answer = await this.#answered(name, () => store.get(name));
    if (!answer.ok && answer.error.kind === 'storeSilent') this.#silentReads.set(name, clock.monotonicMs());
    return answer;
  }

  /** Stores the row, and returns whether the store has it. */
  async put(name: string, text: string): Promise<Result<boolean, StoreRefusal>> {
    const { store } = this.#ports;
    return await this.#answered(name, async () => {
      await store.set(name, text);
      return (await store.get(name)) === text;
    });
  }

  async set(name: string, text: string): Promise<Result<undefined, StoreRefusal>> {
    const { store } = this.#ports;
    return await this.#answered(name, async () => {
      await store.set(name, text);
      return undefined;
    });
  }

  async delete(name: string): Promise<Result<undefined, StoreRefusal>> {
    const { store } = this.#ports;
    return await this.#answered(name, async () => {
      await store.delete(name);
      return undefined;
    });
  }

  /** The names of all rows; undefined if the editor cannot list them. */
  async names(): Promise<Result<readonly string[], StoreRefusal> | undefined> {
    const { store } = this.#ports;
    const listed = await this.#answered('', () => store.keys());
    if (!listed.ok) return listed;
    return listed.value === undefined ? undefined : ok(listed.value);
  }

  async #answered<T>(name: string, work: () => Promise<T>): Promise<Result<T, StoreRefusal>> {
    const { clock } = this.#ports;
    const working = this.#tried(work);
    const answered = new AbortController();
    const patienceMs = this.#unanswered.size === 0 ? vaultLimits.storeMs : vaultLimits.silentStoreMs;
    const late = sleep(clock, patienceMs, answered.signal).then(() => undefined);
    const answer = await Promise.race([working, late]);
    answered.abort();
    if (answer !== undefined) return answer;
    if (this.#unanswered.size === 0) this.#ports.onSilence(true);
    this.#unanswered.add(working);
    void working.then(() => {
      this.#unanswered.delete(working);
      this.#silentReads.delete(name);
      this.#ports.onLateAnswer(name);
      if (this.#unanswered.size === 0) this.#ports.onSilence(false);
    });
    return err({ kind: 'storeSilent' });
  }

  async #tried<T>(work: () => Promise<T>): Promise<Result<T, StoreRefusal>> {
    try {
      return ok(await work());
    } catch (error) {
      const message = this.#ports.redactor.redactError(error).split('\n', 1).join('');
      return err({ kind: 'store', message });
    }
  }
}
