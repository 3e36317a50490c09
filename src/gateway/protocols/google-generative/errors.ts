import type { ErrorFacts } from '../protocol.ts';

/** Google's names (AIP-193, `google.rpc.Code`). */
const names: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  402: 'FAILED_PRECONDITION',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  405: 'INVALID_ARGUMENT',
  409: 'ABORTED',
  413: 'INVALID_ARGUMENT',
  415: 'INVALID_ARGUMENT',
  422: 'INVALID_ARGUMENT',
  429: 'RESOURCE_EXHAUSTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

/** An error in Google's form. The stable code stands in the details, because `code` is the status. */
export function generateError({ status, code, message }: ErrorFacts): object {
  const info = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: code, domain: 'callguard' };
  return { error: { code: status, message, status: names[status] ?? 'INTERNAL', details: [info] } };
}
