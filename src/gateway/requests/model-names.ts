import { isSameModel } from '../../guard/model-name.ts';
import { providerKind } from '../../providers/config/catalogue.ts';
import { speaks } from '../../providers/config/spoken-dialects.ts';
import type { ProviderConfig } from '../../providers/config/provider-config.ts';
import { passThroughFormat } from '../../providers/dialects/dialects.ts';
import {
  expandTarget,
  matchingPattern,
  mayComeFromPattern,
  type PatternRoute,
} from '../../providers/rules/pattern-routes.ts';
import type { ResolvedModel, Routes } from '../../providers/rules/routes.ts';
import type { GuardSettings } from '../../providers/rules/rulebook.ts';
import { nameOf, parseTarget } from '../../providers/config/target-name.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { CapStatus } from '../refusals/cap-status.ts';
import type { GatewayError } from '../http/gateway-error.ts';
import { dialectOf, type PassedProtocol } from './passthrough-request.ts';

export type GatewaySettings = GuardSettings & {
  readonly routes: Routes;
  readonly patternRoutes: readonly PatternRoute[];
  /** `auto` if it is absent. */
  readonly capStatus?: CapStatus;
  /** The largest body; that of the gateway's options if it is absent. */
  readonly maxBodyBytes?: number;
};

const paths: Readonly<Record<string, string>> = {
  'openai-chat': 'POST /v1/chat/completions',
  'anthropic-messages': 'POST /v1/messages',
};

/**
 * Resolves a client's model name: `provider/model`, a route, a model that only one provider has, or a name that a
 * pattern route matches. Keeps only those targets of a route that have the client's dialect, because the request is
 * passed through unchanged.
 */
export function modelFor(
  name: string,
  protocol: PassedProtocol,
  settings: GatewaySettings,
): Result<ResolvedModel, GatewayError> {
  const resolved = findModel(name, dialectOf[protocol], settings);
  if (!resolved.ok) return resolved;
  const { targets, route } = resolved.value;
  const wanted = dialectOf[protocol];
  const [first, ...others] = targets.filter(({ provider }) => {
    // The guard refuses a provider that is not set up and gives the reason.
    const config = settings.providers.usable.get(provider);
    return config === undefined || speaks(config, wanted);
  });
  if (first === undefined)
    return err(otherDialect(nameOf(targets[0]), targets[0].provider, protocol, settings));
  return ok({ targets: [first, ...others], ...(route === undefined ? {} : { route }) });
}

/** The same with all targets. Of several providers that have the model, those that speak the dialect come first. */
export function findModel(
  name: string,
  dialect: string,
  settings: GatewaySettings,
): Result<ResolvedModel, GatewayError> {
  const { usable, broken } = settings.providers;
  const target = parseTarget(name);
  // A provider that is broken, disabled or denies the model: the guard's refusal is the answer.
  if (
    target !== undefined &&
    (usable.has(target.provider) || broken.some(({ id }) => id === target.provider))
  )
    return ok({ targets: [target] });
  const route = settings.routes.get(name);
  if (route !== undefined) return ok({ targets: route, route: name });
  const having = [...usable.values()].filter(
    (config) => config.enabled && config.models.some((model) => isSameModel(model, name)),
  );
  const speaking = having.filter((config) => speaks(config, dialect));
  const [only, ...more] = speaking.length > 0 ? speaking : having;
  if (only !== undefined && more.length === 0) return ok({ targets: [{ provider: only.id, model: name }] });
  const pattern = matchingPattern(name, settings.patternRoutes);
  if (pattern !== undefined) return expanded(pattern, name, settings);
  return err(only === undefined ? unknownModel(name) : ambiguous(name, [only, ...more]));
}

/** The targets of a pattern route for the name asked. The guard judges each of them like any other target. */
function expanded(
  { pattern, targets: [first, ...others] }: PatternRoute,
  name: string,
  { providers }: GatewaySettings,
): Result<ResolvedModel, GatewayError> {
  for (const target of [first, ...others]) {
    const config = providers.usable.get(target.provider);
    const found = expandTarget(target, name);
    if (config?.enabled !== true || found === target || mayComeFromPattern(found.model, config)) continue;
    const message = `${nameOf(found)} is not in the provider's models.list, so the route '${pattern}' does not lead to it. Add it to the list, or allow it in models.allow with models.default 'deny'.`;
    return err({ status: 400, code: 'model_not_found', message });
  }
  const targets = [expandTarget(first, name), ...others.map((target) => expandTarget(target, name))] as const;
  return ok({ targets, route: pattern });
}

export function unknownModel(name: string): GatewayError {
  const message = `No model or route has the name '${name}'. GET /v1/models lists the available models and routes.`;
  return { status: 400, code: 'model_not_found', message };
}

function ambiguous(name: string, having: readonly ProviderConfig[]): GatewayError {
  const names = having.map(({ id }) => `${id}/${name}`).join(', ');
  const message = `Several providers have the model '${name}'. Use one of these: ${names}.`;
  return { status: 400, code: 'ambiguous_model', message };
}

/** Names the path or provider to use instead. */
function otherDialect(
  name: string,
  provider: string,
  protocol: PassedProtocol,
  settings: GatewaySettings,
): GatewayError {
  const config = settings.providers.usable.get(provider);
  const dialect = config === undefined ? 'another protocol' : providerKind(config.kind).dialect;
  const path = paths[dialect];
  const way =
    path !== undefined && passThroughFormat(dialect) !== undefined
      ? `Send the request to ${path} in that protocol, or use`
      : 'The gateway does not support that protocol. Use';
  const message = `${name} uses ${dialect}. ${way} a model of a provider that supports ${dialectOf[protocol]}.`;
  return { status: 400, code: 'other_dialect', message };
}
