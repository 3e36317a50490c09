import { english, type L10n } from '../shared/l10n.ts';
import { assertNever } from '../shared/result.ts';
import type { DeadlineName, Timeouts } from './deadlines.ts';
import type { Failure } from './outcome.ts';

const timeoutOf: Readonly<Record<DeadlineName, keyof Timeouts>> = {
  connect: 'connectMs',
  headers: 'headersMs',
  read: 'readMs',
  firstContent: 'firstContentMs',
  call: 'callMs',
};

/** What went wrong, in a sentence without the provider's name. The only place that words a failure. */
export function describeFailure(failure: Failure, timeouts?: Timeouts, l10n: L10n = english): string {
  switch (failure.kind) {
    case 'timeout': {
      const { timer } = failure;
      const what = waitedFor(timer, l10n);
      if (timeouts === undefined) return l10n.t("{0} (timeout '{1}')", what, timer);
      return l10n.t("{0} within {1} s (timeout '{2}')", what, timeouts[timeoutOf[timer]] / 1000, timer);
    }
    case 'connection':
      return l10n.t('the connection failed: {0}', failure.problem(l10n));
    case 'offline':
      return l10n.t('this machine seems to be offline: {0}', failure.problem(l10n));
    case 'http':
      return saying(`HTTP ${failure.status}`, failure, l10n);
    case 'outOfCredit':
      return saying(l10n.t('credit or quota is used up (HTTP {0})', failure.status), failure, l10n);
    case 'cut':
      return l10n.t('the response was cut off: {0}', failure.problem(l10n));
    case 'errorEvent':
      return saying(l10n.t('the provider sent an error in the middle of the response'), failure, l10n);
    case 'malformed':
      return l10n.t('the response could not be read: {0}', failure.problem(l10n));
    case 'unsendable':
      return l10n.t('the request could not be sent: {0}', failure.problem(l10n));
    case 'declined':
      return saying(l10n.t('the request was declined'), failure, l10n);
    case 'redirect':
      return l10n.t(
        '{1} (HTTP {0}); redirects are not followed, to protect the key',
        failure.status,
        failure.problem(l10n),
      );
    default:
      return assertNever(failure);
  }
}

/** What happened, and the provider's own message about it. */
function saying(what: string, { message }: { readonly message: string }, l10n: L10n): string {
  return message === '' ? what : l10n.t('{0}: {1}', what, message);
}

function waitedFor(timer: DeadlineName, l10n: L10n): string {
  switch (timer) {
    case 'connect':
      return l10n.t('no connection');
    case 'headers':
      return l10n.t('no response');
    case 'read':
      return l10n.t('no more data');
    case 'firstContent':
      return l10n.t('no content');
    case 'call':
      return l10n.t('the call did not finish');
    default:
      return assertNever(timer);
  }
}
