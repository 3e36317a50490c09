import type { Outcome } from '../../guard/outcome.ts';
import type { Credentials } from '../../guard/sender-port.ts';
import type { Wording } from '../../shared/l10n.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { Access } from './provider-access.ts';
import { providerKind } from '../config/catalogue.ts';
import { present, type Sanitize } from './provider-message.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { ProviderConfig } from '../config/provider-config.ts';

/** Where a provider's requests go, and what they need to be accepted. */
export interface Endpoint {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly access: Access;
}

export interface EndpointPorts {
  readonly sandbox: Sandbox;
  readonly sanitize: Sanitize;
  /** Whether this machine must trust the server's certificate. Asked for each request. */
  readonly strictTls: () => boolean;
}

/** The provider's own base URL, or that of the sandbox, which is started for it and may fail to start. */
export async function endpointOf(
  config: ProviderConfig,
  credentials: Credentials,
  { sandbox, sanitize, strictTls }: EndpointPorts,
): Promise<Result<Endpoint, Outcome & { readonly kind: 'connection' }>> {
  const { keyHeader, headers: fixed } = providerKind(config.kind);
  const { query } = config;
  const headers = { ...fixed, ...plainHeaders(config), ...credentials.headers };
  const access = { keyHeader, headers, query, strictTls: strictTls(), key: credentials.key };
  if (config.kind !== 'sandbox') {
    if (config.baseUrl === undefined) throw new TypeError(`provider ${config.id} has no base URL`);
    return ok({ baseUrl: config.baseUrl, access });
  }
  try {
    const { baseUrl, key } = await sandbox.endpoint(config.sandbox);
    return ok({ baseUrl, access: { ...access, key } });
  } catch (error) {
    const why = present(error instanceof Error ? error.message : '', sanitize);
    const problem: Wording = (l10n) =>
      l10n.t('the sandbox did not start: {0}', why === '' ? l10n.t('unknown error') : why);
    return err({ kind: 'connection', problem });
  }
}

function plainHeaders({ headers }: ProviderConfig): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) if (typeof value === 'string') plain[name] = value;
  return plain;
}
