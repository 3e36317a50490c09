import { describeRefusal } from '../../guard/refusal.ts';
import type { Redactor } from '../../redaction/redact.ts';
import type { Wording } from '../../shared/l10n.ts';
import { err, type Result } from '../../shared/result.ts';
import { callLimits } from '../../shared/limits/settings-limits.ts';
import type { OnOtherAddress } from './editor-models.ts';
import type { ResolvedProvider } from '../rules/resolver.ts';
import type { KeyOpener } from '../transport/key-opener.ts';
import type { ListingOptions } from './list-models.ts';

/** The model ids that a provider lists, or why it lists none. */
export type ListModels = (
  provider: ResolvedProvider,
  onOtherAddress?: OnOtherAddress,
) => Promise<Result<readonly string[], Wording>>;

export interface ModelListerOptions extends ListingOptions {
  readonly openKey: KeyOpener;
  readonly redactor: Pick<Redactor, 'register'>;
}

/** Loads the code that lists models on first use. Redacts a draft's key while its models are listed. */
export function createModelLister(options: ModelListerOptions): ListModels {
  const { openKey, redactor, clock } = options;
  const list: ListModels = async (provider, onOtherAddress) => {
    const { id } = provider.config;
    const signal = AbortSignal.timeout(callLimits.listMs);
    const aborted = Promise.withResolvers<undefined>();
    signal.addEventListener('abort', () => {
      aborted.resolve(undefined);
    });
    const credentials = await Promise.race([openKey(provider), aborted.promise]);
    if (credentials === undefined) return err((l10n) => l10n.t('it did not respond in time'));
    if (!credentials.ok) {
      const nowMs = clock.nowMs();
      return err((l10n) => describeRefusal(credentials.error, nowMs, l10n));
    }
    const { describeListFailure, listModels } = await import('./list-models.ts');
    const { config } = provider;
    const listed = await listModels(config, credentials.value, signal, options, onOtherAddress);
    return listed.ok ? listed : err(describeListFailure(listed.error, id));
  };
  return async (provider, onOtherAddress) => {
    const registered = provider.draftKey && redactor.register(provider.draftKey.reveal());
    try {
      return await list(provider, onOtherAddress);
    } finally {
      registered?.dispose();
    }
  };
}
