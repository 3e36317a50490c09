import type { Price } from '../../guard/price.ts';
import type { Guard } from '../../guard/guard.ts';
import type { ResolvedTarget } from '../../guard/resolved-target.ts';
import { detailsOf, type ModelTraits } from '../config/model-details.ts';
import type { ProviderConfig } from '../config/provider-config.ts';

/** What is known of a model. */
export interface ModelFacts extends ModelTraits {
  readonly price?: Price;
}

export type FactsLookup = (config: ProviderConfig, model: string) => ModelFacts | undefined;

/**
 * What is known of models: from the user's settings, else from the server's own list, else from public lists. Those are
 * large, so they are loaded when they are first needed. Until then most models are unknown, so wait for `load()` where a
 * guess is not allowed.
 */
export class KnownFacts {
  readonly #import: () => Promise<FactsLookup>;
  readonly #onTrouble: (error: unknown) => void;
  /** What servers said about their models, by server. */
  readonly #served = new Map<string, ReadonlyMap<string, ModelTraits>>();
  #public: FactsLookup = () => undefined;
  #lookup = this.#newLookup();
  #loading: Promise<void> | undefined;

  constructor(load: () => Promise<FactsLookup>, onTrouble: (error: unknown) => void) {
    this.#import = load;
    this.#onTrouble = onTrouble;
  }

  /** Never rejects. Without the list, only prices that the user entered are known. */
  load(): Promise<void> {
    this.#loading ??= this.#import().then((lookup) => {
      this.#public = lookup;
      this.#lookup = this.#newLookup();
    }, this.#onTrouble);
    return this.#loading;
  }

  /** Remembers what the provider's server said about its models, until the window closes. */
  learn(config: ProviderConfig, traits: ReadonlyMap<string, ModelTraits>): void {
    this.#served.set(serverOf(config), traits);
    this.#lookup = this.#newLookup();
  }

  /** What the provider's server said; undefined if it was not asked. */
  served(config: ProviderConfig): ReadonlyMap<string, ModelTraits> | undefined {
    return this.#served.get(serverOf(config));
  }

  /** The current lookup. It is replaced when more is known. */
  get lookup(): FactsLookup {
    return this.#lookup;
  }

  #newLookup(): FactsLookup {
    return (config, model) => {
      const own = detailsOf(config.details, model);
      const facts = { ...this.#public(config, model), ...this.served(config)?.get(model) };
      if (own === undefined) return facts;
      const { body: _body, ...traits } = own;
      return { ...facts, ...traits };
    };
  }
}

function serverOf({ id, baseUrl = '' }: ProviderConfig): string {
  return JSON.stringify([id, baseUrl]);
}

/** A guard whose first call waits for the list, so that caps in dollars and costs use known prices. */
export function pricedGuard<T extends ResolvedTarget>(
  guard: Guard<T>,
  facts: Pick<KnownFacts, 'load'>,
): Guard<T> {
  return {
    ...guard,
    run: async function* (call, resolve) {
      await facts.load();
      return yield* guard.run(call, resolve);
    },
  };
}
