import { isSameModel } from '../guard/model-name.ts';
import { dialectsOf, providerKind, type ProviderKind } from '../providers/config/catalogue.ts';
import { passThroughFormat } from '../providers/dialects/dialects.ts';
import { resolveModel, type ResolvedModel, type Routes } from '../providers/rules/routes.ts';
import type { GuardSettings } from '../providers/rules/rulebook.ts';
import { nameOf } from '../providers/config/target-name.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { GatewayError } from './http/gateway-error.ts';
import { dialectOf, type PassedProtocol } from './passthrough-request.ts';

export type GatewaySettings = GuardSettings & { readonly routes: Routes };

const paths: Readonly<Record<string, string>> = {
  'openai-chat': 'POST /v1/chat/completions',
  'anthropic-messages': 'POST /v1/messages',
};

/**
 * Resolves a client's model name: a route, `provider/model`, or a model that only one provider has. Keeps only those
 * targets of a route that have the client's dialect, because the request is passed through unchanged.
 */
export function modelFor(
  name: string,
  protocol: PassedProtocol,
  settings: GatewaySettings,
): Result<ResolvedModel, GatewayError> {
  const resolved = find(name, dialectOf[protocol], settings);
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

function find(name: string, dialect: string, settings: GatewaySettings): Result<ResolvedModel, GatewayError> {
  const { usable, broken } = settings.providers;
  const resolved = resolveModel(name, settings.routes);
  const isProvider = (id: string) => usable.has(id) || broken.some((entry) => entry.id === id);
  if (resolved !== undefined && (resolved.route !== undefined || isProvider(resolved.targets[0].provider)))
    return ok(resolved);
  const having = [...usable.values()].filter(
    (config) => config.enabled && config.models.some((model) => isSameModel(model, name)),
  );
  const speaking = having.filter((config) => speaks(config, dialect));
  const [only, ...more] = speaking.length > 0 ? speaking : having;
  if (only === undefined) {
    const message = `There is no model or route '${name}'. GET /v1/models lists the available models and routes.`;
    return err({ status: 404, code: 'model_not_found', message });
  }
  if (more.length > 0) {
    const names = [only, ...more].map(({ id }) => `${id}/${name}`).join(', ');
    return err({
      status: 400,
      code: 'ambiguous_model',
      message: `Several providers have the model '${name}'. Use one of these: ${names}.`,
    });
  }
  return ok({ targets: [{ provider: only.id, model: name }] });
}

function speaks({ kind }: { readonly kind: ProviderKind }, dialect: string): boolean {
  return dialectsOf(kind).some((spoken) => spoken === dialect);
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
