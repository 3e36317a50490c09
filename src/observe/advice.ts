import type { CallResult } from '../guard/call-state.ts';
import { judge, type Failure } from '../guard/outcome.ts';
import type { Refusal } from '../guard/refusal.ts';
import { english, type L10n } from '../shared/l10n.ts';
import { assertNever } from '../shared/result.ts';

/** The one thing that the user can do after a call without a whole answer; undefined after a whole one. */
export function adviceFor(result: CallResult, l10n: L10n = english): string | undefined {
  switch (result.kind) {
    case 'done':
      return undefined;
    case 'aborted':
      return l10n.t('The test was cancelled. Run it again.');
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
      return l10n.t('Fix its entry in the setting callguard.providers.');
    case 'policy':
      return l10n.t("Allow the model in the provider's models setting, or choose another model.");
    case 'circuit':
      return refusal.state === 'forcedOpen'
        ? l10n.t('Use Callguard: Reset Circuit.')
        : l10n.t('Wait for the probe, or use Callguard: Reset Circuit.');
    case 'paused':
      return l10n.t('Use Callguard: Resume Provider.');
    case 'rest':
      return l10n.t('Wait until the provider accepts requests again.');
    case 'outOfCredit':
      return l10n.t('Top up your account at the provider, then use Callguard: Reset Circuit.');
    case 'cap':
      return l10n.t('Wait until the cap allows another call, or raise the cap in your settings.');
    case 'vault':
      return l10n.t('Follow the instructions in the message. To enter a key, use Callguard: Replace Key.');
    case 'origin':
      return l10n.t('If the new address is correct, use Callguard: Confirm Address.');
    case 'promptSecret':
      return l10n.t('Remove the secret from the prompt.');
    case 'ledger':
      return l10n.t('Free up disk space, or see the log for details about the ledger.');
    default:
      return assertNever(refusal);
  }
}

function afterFailure(failure: Failure, provider: string, l10n: L10n): string {
  switch (failure.kind) {
    case 'connection':
      return l10n.t('Check the base URL of {0} and the proxy settings of VS Code.', provider);
    case 'offline':
      return l10n.t('Check the network connection of this machine.');
    case 'timeout':
      return l10n.t('Test again, or raise timeouts.{0} of {1}.', failure.timer, provider);
    case 'http':
      if (judge(failure).consequence?.kind === 'keyRejected') return l10n.t('Use Callguard: Replace Key.');
      return afterStatus(failure.status, provider, l10n);
    case 'outOfCredit':
      return l10n.t('Top up your account at {0}, then use Callguard: Reset Circuit.', provider);
    case 'redirect':
      return l10n.t('If you trust the address that {0} redirects to, enter it as the base URL.', provider);
    case 'malformed':
      return l10n.t('Check that the kind and the base URL of {0} match.', provider);
    case 'unsendable':
      return l10n.t('Change the request as described in the message.');
    case 'declined':
      return l10n.t('Change the prompt, or use a provider other than {0}.', provider);
    case 'cut':
    case 'errorEvent':
      return l10n.t('The provider has a problem. Test again in a minute.');
    default:
      return assertNever(failure);
  }
}

function afterStatus(status: number, provider: string, l10n: L10n): string {
  if (status === 404) return l10n.t('Check the model ID and the base URL of {0}.', provider);
  if (status === 429) return l10n.t("Wait until the provider's rate limit allows another request.");
  return status >= 500
    ? l10n.t('The provider has a problem. Test again in a minute.')
    : l10n.t("Fix the problem described in the provider's message.");
}
