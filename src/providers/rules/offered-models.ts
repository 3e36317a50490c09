import type { CallSource, Target } from '../../guard/call.ts';
import { checkPolicy } from '../../guard/policy.ts';
import type { ProviderConfig } from '../config/provider-config.ts';
import type { FactsLookup } from '../pricing/model-facts.ts';
import { soundsLikeNoChat } from '../pricing/other-models.ts';
import type { Routes } from './routes.ts';
import type { GuardSettings } from './rulebook.ts';

/** The models that are offered to a source: listed, of a provider that may be called, and not denied by policy. */
export function offeredModels(settings: GuardSettings, source: CallSource): Target[] {
  return [...settings.providers.usable.values()]
    .filter((config) => config.enabled)
    .flatMap((config) =>
      config.models
        .filter((model) => isAllowed({ provider: config.id, model }, settings, source))
        .map((model) => ({ provider: config.id, model })),
    );
}

/** The routes that are offered to a source: those without a target that policy would refuse. */
export function offeredRoutes(
  settings: GuardSettings & { readonly routes: Routes },
  source: CallSource,
): string[] {
  return [...settings.routes]
    .filter(([, targets]) => targets.every((target) => isAllowed(target, settings, source)))
    .map(([name]) => name);
}

/**
 * What is offered for chats: no models of embeddings, images, speech and the like. They can still be called where the
 * user or a client names them.
 */
export function offeredChats(
  settings: GuardSettings & { readonly routes: Routes },
  source: CallSource,
  factsOf: FactsLookup,
): { readonly models: readonly Target[]; readonly routes: readonly string[] } {
  const answers = ({ provider, model }: Target) => {
    const config = settings.providers.usable.get(provider);
    return config !== undefined && answersPrompts(config, model, factsOf);
  };
  return {
    models: offeredModels(settings, source).filter(answers),
    routes: offeredRoutes(settings, source).filter((name) => settings.routes.get(name)?.every(answers)),
  };
}

/** Whether the model answers prompts, by the settings and what its server said, else by its name. */
export function answersPrompts(config: ProviderConfig, model: string, factsOf: FactsLookup): boolean {
  return factsOf(config, model)?.chats ?? !soundsLikeNoChat(model);
}

/** The model to try a provider with: the first one that answers prompts. */
export function modelToTry(config: ProviderConfig | undefined, factsOf: FactsLookup): string | undefined {
  return config?.models.find((model) => answersPrompts(config, model, factsOf)) ?? config?.models[0];
}

/** Whether policy allows calls from a source to a target. A workspace narrows the calls of its own editor only. */
export function isAllowed(target: Target, settings: GuardSettings, source: CallSource): boolean {
  const config = settings.providers.usable.get(target.provider);
  if (config?.enabled !== true) return false;
  const workspaces = source === 'editor' ? settings.workspaceModels : [];
  return checkPolicy(target.model, config.policy, workspaces) === undefined;
}
