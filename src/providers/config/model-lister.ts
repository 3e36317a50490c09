import { describeFailure } from '../../guard/describe-failure.ts';
import { describeRefusal } from '../../guard/refusal.ts';
import type { GuardPorts } from '../../guard/guard-ports.ts';
import type { Wording } from '../../shared/l10n.ts';
import { err, type Result } from '../../shared/result.ts';
import type { SenderOptions } from '../transport/sender.ts';

/** How long a list of models may take. */
const timeoutMs = 10_000;

/** The ids of the models that a provider lists, or why it does not. */
export type ListModels = (provider: string) => Promise<Result<readonly string[], Wording>>;

export interface ModelListerOptions extends SenderOptions {
  readonly openKey: GuardPorts['openKey'];
}

/** Lists models with the provider's own key. The code for it is loaded on first use. */
export function createModelLister(options: ModelListerOptions): ListModels {
  const { configOf, openKey, clock } = options;
  return async (provider) => {
    const config = configOf(provider);
    if (config === undefined) return err((l10n) => l10n.t('There is no provider {0}.', provider));
    const key = await openKey(provider);
    if (!key.ok) return err((l10n) => describeRefusal(key.error, clock.nowMs(), l10n));
    const { listModels } = await import('./list-models.ts');
    const listed = await listModels(config, key.value, AbortSignal.timeout(timeoutMs), options);
    if (listed.ok) return listed;
    const failure = listed.error;
    return err((l10n) =>
      failure.kind === 'aborted'
        ? l10n.t('it did not respond in time')
        : describeFailure(failure, undefined, l10n),
    );
  };
}
