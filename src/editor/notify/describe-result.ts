import type { CallResult } from '../../guard/call-state.ts';
import { describeFailure } from '../../guard/describe-failure.ts';
import { describeRefusal } from '../../guard/refusal.ts';
import { LedgerError } from '../../ledger/db/ledger-error.ts';
import { messageText } from '../../shared/escape.ts';
import { providerKind } from '../../providers/config/catalogue.ts';
import type { ProviderConfig } from '../../providers/config/provider-config.ts';
import type { Wording } from '../../shared/l10n.ts';
import { parseBaseUrl } from '../../vault/origin.ts';
import type { Log } from '../log.ts';

/** Why a call gave no whole answer; undefined when it did, or when the person cancelled it. */
export function describeResult(result: CallResult, nowMs: number): Wording | undefined {
  switch (result.kind) {
    case 'done':
    case 'aborted':
      return undefined;
    case 'refused':
      return (l10n) => messageText(describeRefusal(result.refusal, nowMs, l10n));
    case 'failed':
      return (l10n) => {
        const failed = describeFailure(result.failure, undefined, l10n);
        const attempts = result.attempts > 1 ? l10n.t(' ({0} attempts)', result.attempts) : '';
        return messageText(`${result.target.provider}: ${failed}${attempts}.`);
      };
  }
}

/** What was thrown, for a person. */
export function describeError(error: unknown, { clean }: Pick<Log, 'clean'>): Wording {
  const message = messageText(clean(error instanceof Error ? error.message : String(error)));
  return (l10n) =>
    error instanceof LedgerError ? l10n.t('The ledger cannot be used: {0}', message) : message;
}

/**
 * What kind of provider is called where, for whoever is to agree to that. The address is as the request has it: what
 * stands in settings may look like another one, or go on in the next line.
 */
export function describeEndpoint({ kind, baseUrl }: Pick<ProviderConfig, 'kind' | 'baseUrl'>): Wording {
  const { label } = providerKind(kind);
  const address = parseBaseUrl(baseUrl ?? '');
  return (l10n) => (address.ok ? l10n.t('{0} at {1}', label, address.value.href) : label);
}
