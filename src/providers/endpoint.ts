import type { Outcome } from '../guard/outcome.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { Secret } from '../shared/secret.ts';
import { present, type Sanitize } from './provider-message.ts';
import type { Sandbox } from './sandbox.ts';
import type { ProviderConfig } from './settings.ts';

/** Where a provider's requests go, and with which key. */
export interface Endpoint {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly key: Secret | undefined;
}

/** The provider's own base URL, or the sandbox's, which is started for it and may fail to start. */
export async function endpointOf(
  config: ProviderConfig,
  key: Secret | undefined,
  sandbox: Sandbox,
  sanitize: Sanitize,
): Promise<Result<Endpoint, Outcome & { readonly kind: 'connection' }>> {
  if (config.kind !== 'sandbox') {
    if (config.baseUrl === undefined) throw new TypeError(`provider ${config.id} has no base URL`);
    return ok({ baseUrl: config.baseUrl, key });
  }
  try {
    return ok(await sandbox.endpoint(config.sandbox));
  } catch (error) {
    const why = present(error instanceof Error ? error.message : '', sanitize, 'no reason is known');
    return err({ kind: 'connection', message: `the sandbox did not start: ${why}` });
  }
}
