import type { CallResult } from '../guard/call-state.ts';
import type { Failure } from '../guard/outcome.ts';
import type { Refusal } from '../guard/refusal.ts';
import { english, type L10n } from '../shared/l10n.ts';
import { assertNever } from '../shared/result.ts';

/** The one thing a person can do after a call that gave no whole answer; undefined where there was one. */
export function adviceFor(result: CallResult, l10n: L10n = english): string | undefined {
  switch (result.kind) {
    case 'done':
      return undefined;
    case 'aborted':
      return l10n.t('It was cancelled. Test again.');
    case 'refused':
      return afterRefusal(result.refusal, l10n);
    case 'failed':
      return afterFailure(result.failure, result.target.provider, l10n);
    default:
      return assertNever(result);
  }
}

function afterRefusal(refusal: Refusal, l10n: L10n): string {
  switch (refusal.kind) {
    case 'settings':
      return l10n.t('Mend its entry in the setting callguard.providers.');
    case 'policy':
      return l10n.t("Allow the model in the provider's models, or choose another one.");
    case 'circuit':
      return refusal.state === 'tripped'
        ? l10n.t('Use Callguard: Reset Circuit.')
        : l10n.t('Wait for the probe, or use Callguard: Reset Circuit.');
    case 'paused':
      return l10n.t('Use Callguard: Resume Provider.');
    case 'rest':
      return l10n.t('Wait until the time that the provider asked for has passed.');
    case 'outOfCredit':
      return l10n.t('Top up at the provider, then use Callguard: Reset Circuit.');
    case 'cap':
      return l10n.t('Wait until there is room again, or raise the cap in your settings.');
    case 'vault':
      return l10n.t('Do what the message says; where a key has to be entered, use Callguard: Replace Key.');
    case 'origin':
      return l10n.t('If the new address is right, use Callguard: Confirm Address.');
    case 'promptSecret':
      return l10n.t('Take the secret out of the prompt.');
    case 'ledger':
      return l10n.t('Make room on the disk, or see the log for what is wrong with the ledger.');
    default:
      return assertNever(refusal);
  }
}

function afterFailure(failure: Failure, provider: string, l10n: L10n): string {
  switch (failure.kind) {
    case 'connection':
      return l10n.t("Check the base URL of {0}, and the proxy in VS Code's settings.", provider);
    case 'offline':
      return l10n.t('Connect this machine to the network.');
    case 'timeout':
      return l10n.t('Test again, or raise timeouts.{0} of {1}.', failure.timer, provider);
    case 'http':
      return afterStatus(failure.status, provider, l10n);
    case 'outOfCredit':
      return l10n.t('Top up at {0}, then use Callguard: Reset Circuit.', provider);
    case 'redirect':
      return l10n.t('Enter the address that {0} redirects to as its base URL, if you trust it.', provider);
    case 'malformed':
      return l10n.t('Check that the kind and the base URL of {0} belong together.', provider);
    case 'unsendable':
      return l10n.t('Change what the message names.');
    case 'declined':
      return l10n.t('Ask something else, or another model than {0}’s.', provider);
    case 'cut':
    case 'errorEvent':
      return l10n.t('Test again in a minute; the fault is the provider’s.');
    default:
      return assertNever(failure);
  }
}

function afterStatus(status: number, provider: string, l10n: L10n): string {
  if (status === 401 || status === 403) return l10n.t('Use Callguard: Replace Key.');
  if (status === 404) return l10n.t("Check the model's id, and the base URL of {0}.", provider);
  if (status === 429) return l10n.t('Wait until the limit allows another request.');
  return status >= 500
    ? l10n.t('Test again in a minute; the fault is the provider’s.')
    : l10n.t('Change what the provider’s message names.');
}
