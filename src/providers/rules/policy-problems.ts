import type { Target } from '../../guard/call.ts';
import { checkPolicy } from '../../guard/policy.ts';
import { describeRefusal } from '../../guard/refusal.ts';
import { placed, type Wording } from '../../shared/l10n.ts';
import type { ProviderConfig } from '../config/provider-config.ts';

/**
 * The offered models whose provider's own policy would refuse every call, with their place in the settings. A model
 * that a workspace denies is not a mistake.
 */
export function deniedModels(config: ProviderConfig): Wording[] {
  return config.models.flatMap((model) =>
    denialAt(`${config.id}.models.list`, { provider: config.id, model }, config),
  );
}

/** The same for the targets of routes: one denied target makes a whole route unusable. */
export function deniedTargets(
  routes: Iterable<readonly [string, readonly Target[]]>,
  usable: ReadonlyMap<string, ProviderConfig>,
): Wording[] {
  return [...routes].flatMap(([name, targets]) =>
    targets.flatMap((target) => denialAt(`callguard.routes.${name}`, target, usable.get(target.provider))),
  );
}

function denialAt(place: string, target: Target, config: ProviderConfig | undefined): Wording[] {
  const denial = config && checkPolicy(target.model, config.policy);
  if (denial === undefined) return [];
  return [placed(place, (l10n) => describeRefusal({ kind: 'policy', ...target, denial }, 0, l10n))];
}
