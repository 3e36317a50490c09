import type { Outcome } from '../../guard/outcome.ts';
import type { Wording } from '../../shared/l10n.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { Secret } from '../../shared/secret.ts';
import type { Access } from './access.ts';
import { providerKind } from '../config/catalogue.ts';
import type { HeaderOpener } from './key-opener.ts';
import { present, type Sanitize } from './provider-message.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { ProviderConfig } from '../config/provider-config.ts';

/** Where a provider's requests go, and what lets them in. */
export interface Endpoint {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly access: Access;
}

export interface EndpointPorts {
  readonly sandbox: Sandbox;
  readonly sanitize: Sanitize;
  readonly openHeaders: HeaderOpener;
  /** Whether a certificate must be one that this machine trusts; asked anew for each request. */
  readonly strictTls: () => boolean;
}

/** The provider's own base URL, or the sandbox's, which is started for it and may fail to start. */
export async function endpointOf(
  config: ProviderConfig,
  key: Secret | undefined,
  { sandbox, sanitize, openHeaders, strictTls }: EndpointPorts,
): Promise<Result<Endpoint, Outcome & { readonly kind: 'connection' | 'unsendable' }>> {
  const { keyHeader, headers: fixed = {} } = providerKind(config.kind);
  const opened = await openHeaders(config);
  if (!opened.ok) {
    const problem: Wording = (l10n) => l10n.t('a custom header could not be read from the vault');
    return err({ kind: 'unsendable', problem });
  }
  const headers = { ...fixed, ...opened.value };
  const access = { keyHeader, headers, query: config.extras.query, strictTls: strictTls() };
  if (config.kind !== 'sandbox') {
    if (config.baseUrl === undefined) throw new TypeError(`provider ${config.id} has no base URL`);
    return ok({ baseUrl: config.baseUrl, access: { ...access, key } });
  }
  try {
    const { baseUrl, key: own } = await sandbox.endpoint(config.sandbox);
    return ok({ baseUrl, access: { ...access, key: own } });
  } catch (error) {
    const why = present(error instanceof Error ? error.message : '', sanitize);
    const problem: Wording = (l10n) =>
      l10n.t('the sandbox did not start: {0}', why === '' ? l10n.t('unknown error') : why);
    return err({ kind: 'connection', problem });
  }
}
