import { assertNever } from '../shared/result.ts';
import type { DeadlineName, Timeouts } from './deadlines.ts';
import type { Failure } from './outcome.ts';

const waitedFor: Readonly<Record<DeadlineName, string>> = {
  connect: 'no connection',
  headers: 'no answer',
  read: 'nothing more of the answer came',
  firstContent: 'no content',
  call: 'the call did not finish',
};

const timeoutOf: Readonly<Record<DeadlineName, keyof Timeouts>> = {
  connect: 'connectMs',
  headers: 'headersMs',
  read: 'readMs',
  firstContent: 'firstContentMs',
  call: 'callMs',
};

/** What went wrong, in a sentence without the provider's name. The only place where a failure is worded. */
export function describeFailure(failure: Failure, timeouts?: Timeouts): string {
  switch (failure.kind) {
    case 'timeout': {
      const limit = timeouts === undefined ? '' : ` within ${timeouts[timeoutOf[failure.timer]] / 1000} s`;
      return `${waitedFor[failure.timer]}${limit} (timeout '${failure.timer}')`;
    }
    case 'connection':
      return `the connection failed: ${failure.message}`;
    case 'offline':
      return `this machine seems to be offline: ${failure.message}`;
    case 'http':
      return `HTTP ${failure.status}: ${failure.message}`;
    case 'outOfCredit':
      return `credit or quota is used up (HTTP ${failure.status}): ${failure.message}`;
    case 'cut':
      return `the answer was cut off: ${failure.message}`;
    case 'errorEvent':
      return `an error came in the middle of the answer: ${failure.message}`;
    case 'malformed':
      return `the answer could not be understood: ${failure.message}`;
    case 'unsendable':
      return `the request could not be sent: ${failure.message}`;
    case 'declined':
      return `it declined to answer: ${failure.message}`;
    case 'redirect':
      return `HTTP ${failure.status} redirects elsewhere, where no key is sent: ${failure.message}`;
    default:
      return assertNever(failure);
  }
}
