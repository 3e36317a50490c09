import { offeredModels, offeredRoutes } from '../providers/rules/offered-models.ts';
import { nameOf } from '../providers/config/target-name.ts';
import { modelFor, type GatewaySettings } from './model-names.ts';
import type { PassedProtocol } from './passthrough-request.ts';

/**
 * `GET /v1/models`: the models that clients of this protocol can call, routes first. One document has the fields of
 * both protocols, because no field conflicts. The creation time is unknown, so it is 1970.
 */
export function modelList(protocol: PassedProtocol, settings: GatewaySettings): object {
  const names = [...offeredRoutes(settings, 'gateway'), ...offeredModels(settings, 'gateway').map(nameOf)];
  const data = names.flatMap((id) => {
    const resolved = modelFor(id, protocol, settings);
    if (!resolved.ok) return [];
    const owner = resolved.value.route === undefined ? resolved.value.targets[0].provider : 'callguard';
    const created = { created: 0, created_at: '1970-01-01T00:00:00Z' };
    return [{ id, object: 'model', type: 'model', display_name: id, owned_by: owner, ...created }];
  });
  return {
    object: 'list',
    data,
    has_more: false,
    first_id: data.at(0)?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
  };
}
