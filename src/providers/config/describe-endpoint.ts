import type { Wording } from '../../shared/l10n.ts';
import { parseBaseUrl } from '../../vault/origin.ts';
import { providerKind } from './catalogue.ts';
import type { ProviderConfig } from './provider-config.ts';

/**
 * What kind of provider is called where, for whoever is to agree to that. The address is as the request has it: what
 * stands in settings may look like another one, or go on in the next line.
 */
export function describeEndpoint({ kind, baseUrl }: Pick<ProviderConfig, 'kind' | 'baseUrl'>): Wording {
  const { label } = providerKind(kind);
  const address = parseBaseUrl(baseUrl ?? '');
  return (l10n) => (address.ok ? l10n.t('{0} at {1}', label, address.value.href) : label);
}
