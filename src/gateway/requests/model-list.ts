import type { CallToken } from '../../guard/call.ts';
import { checkToken } from '../../guard/policy.ts';
import { isAllowed, offeredModels, offeredRoutes } from '../../providers/rules/offered-models.ts';
import type { ResolvedModel } from '../../providers/rules/routes.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { GatewayError } from '../http/gateway-error.ts';
import { nameOf } from '../../providers/config/target-name.ts';
import { findModel, unknownModel, type GatewaySettings } from './model-names.ts';
import { dialectOf, type PassedProtocol } from './passthrough-request.ts';

/**
 * `GET /v1/models` and `GET /v1beta/models`: the models that clients of this protocol can call, routes first. For the
 * first path one document has the fields of two protocols, because no field conflicts. The creation time is unknown, so
 * it is 1970.
 */
export function modelList(protocol: PassedProtocol, settings: GatewaySettings, token?: CallToken): object {
  const found = offeredNames(settings).flatMap((id) => {
    const resolved = findModel(id, dialectOf[protocol], settings);
    return resolved.ok && mayUse(token, id, resolved.value) ? [{ id, model: resolved.value }] : [];
  });
  // All of them on one page.
  if (protocol === 'google') return { models: found.map(({ id }) => googleEntry(id)) };
  const data = found.map(({ id, model }) => entryOf(id, model));
  return {
    object: 'list',
    data,
    has_more: false,
    first_id: data.at(0)?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
  };
}

/** The names of routes and models that can be called through the gateway. */
function offeredNames(settings: GatewaySettings): string[] {
  return [...offeredRoutes(settings, 'gateway'), ...offeredModels(settings, 'gateway').map(nameOf)];
}

/** `GET /v1/models/{id}` and `GET /v1beta/models/{id}`: any name that can be called now, also one that a pattern route serves. */
export function oneModel(
  name: string,
  protocol: PassedProtocol,
  settings: GatewaySettings,
  token?: CallToken,
): Result<object, GatewayError> {
  const resolved = findModel(name, dialectOf[protocol], settings);
  if (!resolved.ok) return err(absent(resolved.error));
  const isOffered =
    mayUse(token, name, resolved.value) &&
    resolved.value.targets.every((target) => isAllowed(target, settings, 'gateway'));
  return isOffered
    ? ok(protocol === 'google' ? googleEntry(name) : entryOf(name, resolved.value))
    : err(absent(unknownModel(name)));
}

/** A call for such a model gets 400, because tools repeat others. Here the model itself is asked for. */
function absent(error: GatewayError): GatewayError {
  return { ...error, status: 404 };
}

function mayUse(token: CallToken | undefined, asked: string, { route, targets }: ResolvedModel): boolean {
  const call = {
    asked,
    ...(token === undefined ? {} : { token }),
    ...(route === undefined ? {} : { route }),
  };
  return targets.every((target) => checkToken(call, target) === undefined);
}

function entryOf(id: string, { route, targets }: ResolvedModel) {
  const owner = route === undefined ? targets[0].provider : 'callguard';
  const created = { created: 0, created_at: '1970-01-01T00:00:00Z' };
  return { id, object: 'model', type: 'model', display_name: id, owned_by: owner, ...created };
}

/** Google's clients read the name with this prefix, and put it into the path of a call. */
function googleEntry(id: string) {
  const supportedGenerationMethods = ['generateContent', 'countTokens'];
  return { name: `models/${id}`, version: '1', displayName: id, supportedGenerationMethods };
}
