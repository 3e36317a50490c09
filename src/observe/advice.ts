import type { CallResult } from '../guard/call-state.ts';
import type { Failure } from '../guard/outcome.ts';
import type { Refusal } from '../guard/refusal.ts';
import { assertNever } from '../shared/result.ts';

/** The one thing a person can do after a call that gave no whole answer; undefined where there was one. */
export function adviceFor(result: CallResult): string | undefined {
  switch (result.kind) {
    case 'done':
      return undefined;
    case 'aborted':
      return 'It was cancelled. Test again.';
    case 'refused':
      return afterRefusal(result.refusal);
    case 'failed':
      return afterFailure(result.failure, result.target.provider);
    default:
      return assertNever(result);
  }
}

function afterRefusal(refusal: Refusal): string {
  switch (refusal.kind) {
    case 'settings':
      return 'Mend its entry in the setting callguard.providers.';
    case 'policy':
      return "Allow the model in the provider's models, or choose another one.";
    case 'circuit':
      return refusal.state === 'tripped'
        ? 'Use Callguard: Reset Circuit.'
        : 'Wait for the probe, or use Callguard: Reset Circuit.';
    case 'paused':
      return 'Use Callguard: Resume Provider.';
    case 'rest':
      return 'Wait until the time that the provider asked for has passed.';
    case 'outOfCredit':
      return 'Top up at the provider, then use Callguard: Reset Circuit.';
    case 'cap':
      return 'Wait until there is room again, or raise the cap in your settings.';
    case 'vault':
      return 'Use Callguard: Replace Key.';
    case 'origin':
      return 'If the new address is right, use Callguard: Confirm Address.';
    case 'promptSecret':
      return 'Take the secret out of the prompt.';
    case 'ledger':
      return 'Make room on the disk, or see the log for what is wrong with the ledger.';
    default:
      return assertNever(refusal);
  }
}

function afterFailure(failure: Failure, provider: string): string {
  switch (failure.kind) {
    case 'connection':
      return `Check the base URL of ${provider}, and the proxy in VS Code's settings.`;
    case 'offline':
      return 'Connect this machine to the network.';
    case 'timeout':
      return `Test again, or raise timeouts.${failure.timer} of ${provider}.`;
    case 'http':
      return afterStatus(failure.status, provider);
    case 'outOfCredit':
      return `Top up at ${provider}, then use Callguard: Reset Circuit.`;
    case 'redirect':
      return `Enter the address that ${provider} redirects to as its base URL, if you trust it.`;
    case 'malformed':
      return `Check that the kind and the base URL of ${provider} belong together.`;
    case 'unsendable':
      return 'Change what the message names.';
    case 'declined':
      return `Ask something else, or another model than ${provider}’s.`;
    case 'cut':
    case 'errorEvent':
      return 'Test again in a minute; the fault is the provider’s.';
    default:
      return assertNever(failure);
  }
}

function afterStatus(status: number, provider: string): string {
  if (status === 401 || status === 403) return 'Use Callguard: Replace Key.';
  if (status === 404) return `Check the model's id, and the base URL of ${provider}.`;
  if (status === 429) return 'Wait until the limit allows another request.';
  return status >= 500
    ? 'Test again in a minute; the fault is the provider’s.'
    : 'Change what the provider’s message names.';
}
