import { providerKind } from './catalogue.ts';
import type { ProviderConfig } from './provider-config.ts';

/** Addresses of the machine and of private networks (RFC 1918, RFC 4193, RFC 6598), and names without a public domain. */
const ownHosts = [
  /^(?:(?:127|10)\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)[\d.]+$/,
  /^\[(?:::1|f[cd][0-9a-f]{2}:.*|fe80:.*)\]$/,
  /^[^.:]+$|\.(?:local|localhost|internal|lan|home\.arpa)$/,
];

/**
 * Whether the server is the user's own, which serves few models and knows with what context it loaded them: a local
 * kind, or one of another kind at an address of the user's network, such as vLLM as `openai-compatible`.
 */
export function isOwnServer({ kind, baseUrl }: Pick<ProviderConfig, 'kind' | 'baseUrl'>): boolean {
  if (providerKind(kind).local === true) return true;
  const host = baseUrl === undefined ? undefined : URL.parse(baseUrl)?.hostname;
  return host !== undefined && host !== '' && ownHosts.some((pattern) => pattern.test(host));
}
