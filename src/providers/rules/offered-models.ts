import type { CallSource, Target } from '../../guard/call.ts';
import { checkPolicy } from '../../guard/policy.ts';
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

/** Whether policy allows calls from a source to a target. A workspace narrows the calls of its own editor only. */
export function isAllowed(target: Target, settings: GuardSettings, source: CallSource): boolean {
  const config = settings.providers.usable.get(target.provider);
  if (config?.enabled !== true) return false;
  const workspaces = source === 'editor' ? settings.workspaceModels : [];
  return checkPolicy(target.model, config.policy, workspaces) === undefined;
}
