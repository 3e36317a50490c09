import { describeFailure } from '../../guard/describe-failure.ts';
import { describeRefusal } from '../../guard/refusal.ts';
import type { Redactor } from '../../redaction/redact.ts';
import type { Wording } from '../../shared/l10n.ts';
import { err, type Result } from '../../shared/result.ts';
import { answerLimits } from '../../shared/limits.ts';
import type { ListFailure } from './editor-models.ts';
import type { ResolvedProvider } from '../rules/resolver.ts';
import type { KeyOpener } from '../transport/key-opener.ts';
import type { SenderOptions } from '../transport/sender.ts';

/** The model ids that a provider lists, or why it lists none. */
export type ListModels = (provider: ResolvedProvider) => Promise<Result<readonly string[], Wording>>;

export interface ModelListerOptions extends SenderOptions {
  readonly openKey: KeyOpener;
  readonly redactor: Pick<Redactor, 'register'>;
}

/** Loads the code that lists models on first use. Redacts a draft's key while its models are listed. */
export function createModelLister(options: ModelListerOptions): ListModels {
  const { openKey, redactor, clock } = options;
  const list: ListModels = async (provider) => {
    const { id } = provider.config;
    const signal = AbortSignal.timeout(answerLimits.listMs);
    const aborted = Promise.withResolvers<undefined>();
    signal.addEventListener('abort', () => {
      aborted.resolve(undefined);
    });
    const credentials = await Promise.race([openKey(provider), aborted.promise]);
    if (credentials === undefined) return err(describe({ kind: 'aborted' }, id));
    if (!credentials.ok) {
      const nowMs = clock.nowMs();
      return err((l10n) => describeRefusal(credentials.error, nowMs, l10n));
    }
    const { listModels } = await import('./list-models.ts');
    const listed = await listModels(provider.config, credentials.value, signal, options);
    return listed.ok ? listed : err(describe(listed.error, id));
  };
  return async (provider) => {
    const registered = provider.draftKey && redactor.register(provider.draftKey.reveal());
    try {
      return await list(provider);
    } finally {
      registered?.dispose();
    }
  };
}

function describe(failure: ListFailure, provider: string): Wording {
  switch (failure.kind) {
    case 'aborted':
      return (l10n) => l10n.t('it did not respond in time');
    case 'notFound': {
      const { asked, answers } = failure;
      return (l10n) =>
        answers === undefined
          ? l10n.t('nothing was found at {0} (HTTP 404). Check the base URL', asked)
          : l10n.t(
              'nothing was found at {0} (HTTP 404), but {1} lists models. Use it as the base URL',
              asked,
              answers,
            );
    }
    case 'origin':
      return (l10n) => describeRefusal({ ...failure, provider }, 0, l10n);
    default:
      return (l10n) => describeFailure(failure, undefined, l10n);
  }
}
