import type { LegacyBinding } from '../../vault/legacy-migration.ts';
import { catalogue, providerKind, type ProviderKind } from './catalogue.ts';
import type { Providers } from './provider-config.ts';

/** The origin of a kind's own base URL; undefined for an unknown kind and for a kind without a base URL. */
function catalogueOrigin(kind: string): string | undefined {
  const baseUrl = isKind(kind) ? providerKind(kind).baseUrl : undefined;
  return baseUrl === undefined ? undefined : new URL(baseUrl).origin;
}

export function isKind(name: string): name is ProviderKind {
  return Object.hasOwn(catalogue, name);
}

/**
 * The origin to which a key of the older layout is bound. That layout named providers by their kinds, whether or not
 * the settings have an entry. A provider with a broken entry has no address that the user could confirm.
 */
export function legacyBindingOf(provider: string, { usable, broken }: Providers): LegacyBinding | undefined {
  const config = usable.get(provider);
  if (config === undefined) {
    const origin = catalogueOrigin(provider);
    return origin === undefined || broken.some(({ id }) => id === provider)
      ? undefined
      : { origin, from: 'catalogue' };
  }
  const { origin, kind } = config;
  if (origin === undefined) return undefined;
  return { origin, from: catalogueOrigin(kind) === origin ? 'catalogue' : 'custom' };
}
