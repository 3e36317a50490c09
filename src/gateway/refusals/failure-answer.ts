import type { Target } from '../../guard/call.ts';
import { describeFailure } from '../../guard/describe-failure.ts';
import type { SentAttempt } from '../../guard/call-state.ts';
import { codeOf, judge, type Failure } from '../../guard/outcome.ts';
import { nameOf } from '../../providers/config/target-name.ts';
import type { GatewayError } from '../http/gateway-error.ts';
import { handedOn } from '../../guard/sender-port.ts';
import { limitStatus, longestWaitMs, retryHeaders, type StatusRules } from './refusal-answer.ts';

/** Statuses about the request itself. The client gets them unchanged, as if it had called the provider. */
const aboutTheRequest = new Set([400, 402, 403, 404, 409, 413, 415, 422]);

/**
 * A provider's failure as an HTTP answer, with the provider's own code, request ID and rate limits. It asks clients not
 * to retry, unless the provider asked for a short pause, and neither the guard has retried nor the client waited before.
 */
export function failureError(
  target: Target,
  failure: Failure,
  sent: Pick<SentAttempt, 'requestId' | 'rateLimits'> & { readonly attempts: number },
  rules: StatusRules,
  hasWaited = false,
): GatewayError {
  const error = errorFor(target, failure, hasWaited || sent.attempts > 1, rules);
  const { requestId } = sent;
  const provider = { code: codeOf(failure), requestId };
  const headers = { ...error.headers, ...handedOn(sent) };
  return provider.code === undefined && requestId === undefined
    ? { ...error, headers }
    : { ...error, headers, provider };
}

function errorFor(target: Target, failure: Failure, wasRetried: boolean, rules: StatusRules): GatewayError {
  const answer = {
    message: `${nameOf(target)}: ${describeFailure(failure)}`,
    headers: retryHeaders(undefined, false),
  };
  switch (failure.kind) {
    case 'timeout':
      return { ...answer, status: 504, code: 'timeout' };
    case 'outOfCredit':
      return { ...answer, status: 402, code: 'out_of_credit' };
    case 'http': {
      const { status, retryAfterMs } = failure;
      if (judge(failure).consequence?.kind === 'keyRejected') {
        const message = `${nameOf(target)}: The provider rejected the key (${describeFailure(failure)}). Replace it in VS Code with 'Callguard: Replace Key'.`;
        return { ...answer, message, status: rules.tool?.final ?? 400, code: 'key_rejected' };
      }
      if (aboutTheRequest.has(status)) return { ...answer, status, code: 'provider_rejected' };
      if (status !== 429) return { ...answer, status: 502, code: 'provider_error' };
      const isSoon = !wasRetried && retryAfterMs !== undefined && retryAfterMs <= longestWaitMs;
      return {
        ...answer,
        status: isSoon ? 429 : limitStatus(rules),
        code: 'provider_rate_limit',
        headers: retryHeaders(retryAfterMs, isSoon),
      };
    }
    case 'connection':
      return { ...answer, status: 502, code: 'provider_unreachable' };
    case 'offline':
      return { ...answer, status: 502, code: 'offline' };
    case 'unsendable':
      // The request asks for what the provider's API does not have.
      return { ...answer, status: rules.tool?.final ?? 400, code: 'unsendable' };
    case 'declined':
      return { ...answer, status: 502, code: 'model_declined' };
    case 'cut':
    case 'errorEvent':
    case 'malformed':
    case 'redirect':
      return { ...answer, status: 502, code: 'provider_error' };
  }
}
