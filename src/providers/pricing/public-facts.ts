import type { FactsLookup } from './model-facts.ts';
import { traitsByName } from './model-families.ts';
import { lookUpModel } from './price-list.ts';

// Imports the list of prices: import this file when a fact is first needed, not when the extension starts.

/** What is publicly known of a model. */
export const publicFacts: FactsLookup = (config, model) => ({
  ...traitsByName(model),
  ...lookUpModel(config, model),
});
