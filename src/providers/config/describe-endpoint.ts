import type { Wording } from '../../shared/l10n.ts';
import { parseBaseUrl } from '../../vault/key-origin.ts';
import { providerKind } from './catalogue.ts';
import type { ProviderConfig } from './provider-config.ts';

/**
 * The kind and the address of a provider, for a user who confirms them. The address is normalized as in the request,
 * because the text in the settings may look like another address or continue on the next line.
 */
export function describeEndpoint({ kind, baseUrl }: Pick<ProviderConfig, 'kind' | 'baseUrl'>): Wording {
  const { label } = providerKind(kind);
  const address = parseBaseUrl(baseUrl ?? '');
  return (l10n) => (address.ok ? l10n.t('{0} at {1}', label, address.value.href) : label);
}
