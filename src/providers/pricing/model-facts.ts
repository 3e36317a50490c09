import type { Price } from '../../guard/price.ts';
import type { Guard } from '../../guard/guard.ts';
import type { ResolvedTarget } from '../../guard/resolved-target.ts';
import type { ProviderConfig } from '../config/provider-config.ts';

/** The public facts about a model. */
export interface ModelFacts {
  readonly price?: Price;
  /** The context window: input and output together. */
  readonly contextTokens?: number;
}

export type FactsLookup = (config: ProviderConfig, model: string) => ModelFacts | undefined;

/**
 * The public list of prices and context sizes. It is large, so it is loaded when it is first needed. Until then every
 * model is unknown, so wait for `load()` where a guess is not allowed.
 */
export class PublicFacts {
  readonly #import: () => Promise<FactsLookup>;
  readonly #onTrouble: (error: unknown) => void;
  #lookup: FactsLookup = () => undefined;
  #loading: Promise<void> | undefined;

  constructor(load: () => Promise<FactsLookup>, onTrouble: (error: unknown) => void) {
    this.#import = load;
    this.#onTrouble = onTrouble;
  }

  /** Never rejects. Without the list, only prices that the user entered are known. */
  load(): Promise<void> {
    this.#loading ??= this.#import().then((lookup) => {
      this.#lookup = lookup;
    }, this.#onTrouble);
    return this.#loading;
  }

  /** The current lookup. It is replaced when the list is loaded. */
  get lookup(): FactsLookup {
    return this.#lookup;
  }
}

/** A guard whose first call waits for the list, so that caps in dollars and costs use known prices. */
export function pricedGuard<T extends ResolvedTarget>(
  guard: Guard<T>,
  facts: Pick<PublicFacts, 'load'>,
): Guard<T> {
  return {
    ...guard,
    run: async function* (call, resolve) {
      await facts.load();
      return yield* guard.run(call, resolve);
    },
  };
}
