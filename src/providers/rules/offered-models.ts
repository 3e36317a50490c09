import type { Target } from '../../guard/call.ts';
import { checkPolicy } from '../../guard/policy.ts';
import type { Routes } from './routes.ts';
import type { GuardSettings } from './rulebook.ts';

/** Models that are offered: listed, of a provider that may be called, and not denied by policy. */
export function offeredModels(settings: GuardSettings): Target[] {
  return [...settings.providers.usable.values()]
    .filter((config) => config.enabled)
    .flatMap((config) =>
      config.models
        .filter((model) => isAllowed({ provider: config.id, model }, settings))
        .map((model) => ({ provider: config.id, model })),
    );
}

/** Routes that are offered: those of which no target would be refused by policy. */
export function offeredRoutes(settings: GuardSettings & { readonly routes: Routes }): string[] {
  return [...settings.routes]
    .filter(([, targets]) => targets.every((target) => isAllowed(target, settings)))
    .map(([name]) => name);
}

/** Whether policy lets a target be called, as the settings are now. */
export function isAllowed(target: Target, settings: GuardSettings): boolean {
  const config = settings.providers.usable.get(target.provider);
  if (config?.enabled !== true) return false;
  return checkPolicy(target.model, config.policy, settings.workspaceModels) === undefined;
}
