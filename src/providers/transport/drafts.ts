import type { Redactor } from '../../redaction/redact.ts';
import type { Secret } from '../../shared/secret.ts';
import type { ProviderConfig, Providers } from '../config/provider-config.ts';

/** A provider that is being set up: it can be tried before anything of it is stored. */
export interface Draft {
  readonly config: ProviderConfig;
  /** Undefined to use the key that is in the vault, if there is one. */
  readonly key: Secret | undefined;
}

/** Drafts stand in front of the stored providers for as long as they are tried. */
export class Drafts {
  readonly #drafts = new Map<string, Draft>();
  readonly #redactor: Pick<Redactor, 'register'>;

  constructor(redactor: Pick<Redactor, 'register'>) {
    this.#redactor = redactor;
  }

  /** Whatever `work` calls by the draft's id is called as the draft says. */
  async try<T>(draft: Draft, work: () => Promise<T>): Promise<T> {
    const { id } = draft.config;
    this.#drafts.set(id, draft);
    const registered = draft.key === undefined ? undefined : this.#redactor.register(draft.key.reveal());
    try {
      return await work();
    } finally {
      registered?.dispose();
      // A later trial of the same provider may be under way, when a person did not wait for this one.
      if (this.#drafts.get(id) === draft) this.#drafts.delete(id);
    }
  }

  get(id: string): Draft | undefined {
    return this.#drafts.get(id);
  }

  over(providers: Providers): Providers {
    if (this.#drafts.size === 0) return providers;
    const drafted = [...this.#drafts].map(([id, { config }]) => [id, config] as const);
    return { usable: new Map([...providers.usable, ...drafted]), broken: providers.broken };
  }
}
