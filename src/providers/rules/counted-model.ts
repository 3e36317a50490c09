import { canonicalModel, isSameModel } from '../../guard/model-name.ts';
import type { ProviderConfig } from '../config/provider-config.ts';

/**
 * The spelling under which usage and caps count a model, at every provider: as the first provider lists it, else in the
 * canonical form. A cap on a model would otherwise count once for each provider that spells it in another way. An odd
 * name stays as it is, because policy refuses it.
 */
export function countedModel(model: string, providers: Iterable<Pick<ProviderConfig, 'models'>>): string {
  for (const { models } of providers) {
    const listed = models.find((each) => isSameModel(each, model));
    if (listed !== undefined) return listed;
  }
  return canonicalModel(model) ?? model;
}
