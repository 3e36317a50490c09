import { unmatchedJson, unmatchedText } from './unmatched.ts';
import { generateError } from '../protocols/google-generative/errors.ts';

/** The protocol of an answer. */
export type Protocol = 'openai' | 'responses' | 'anthropic' | 'google' | 'management';

/** The reason why a request gets no answer from a provider. */
export interface GatewayError {
  readonly status: number;
  /** A stable code for programs. */
  readonly code: string;
  /** A message for the user. It contains no secret, no prompt and no reply. */
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Words, with the flag `g`, that the client must not find in the error: it would repeat the request. */
  readonly repeatsOn?: RegExp;
  /** What the provider itself said, if the error is the provider's. */
  readonly provider?: ProviderReference;
}

/** The provider's own code of an error, and the ID by which its support finds the request. */
export interface ProviderReference {
  readonly code: string | undefined;
  readonly requestId: string | undefined;
}

export const stopping: GatewayError = {
  status: 503,
  code: 'stopping',
  message: 'The gateway is stopping.',
};

/** Anthropic's names (API reference, 'Errors'). OpenAI uses some of them and does not define the others. */
const types: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  405: 'invalid_request_error',
  413: 'request_too_large',
  415: 'invalid_request_error',
  422: 'invalid_request_error',
  429: 'rate_limit_error',
  504: 'timeout_error',
};

/** The error as JSON in the format of the protocol. */
export function errorJson(error: GatewayError, protocol: Protocol): string {
  return jsonOf(error, (shown) => errorBody(shown, protocol));
}

/** Hides the words that the client must not find. */
function jsonOf(error: GatewayError, form: (shown: GatewayError) => object): string {
  const { repeatsOn } = error;
  if (repeatsOn === undefined) return JSON.stringify(form(error));
  const message = unmatchedText(error.message, repeatsOn);
  return unmatchedJson(JSON.stringify(form({ ...error, message })), repeatsOn);
}

function errorBody({ status, code, message, provider }: GatewayError, protocol: Protocol): object {
  const type = types[status] ?? 'api_error';
  const said = provider?.code === undefined ? {} : { provider_code: provider.code };
  const found = provider?.requestId === undefined ? {} : { request_id: provider.requestId };
  switch (protocol) {
    case 'openai':
    case 'responses':
      return { error: { message, type, param: null, code, ...said, ...found } };
    case 'anthropic':
      return { type: 'error', error: { type, message, code, ...said }, ...found };
    case 'google':
      return generateError({ status, code, message });
    case 'management':
      return { error: { code, message } };
  }
}

/** The error as an event in a streamed answer. */
export function errorEvent(error: GatewayError, protocol: Protocol): string {
  if (protocol === 'responses') return failedResponse(error);
  const data = errorJson(error, protocol);
  return protocol === 'anthropic' ? `event: error\ndata: ${data}\n\n` : `data: ${data}\n\n`;
}

/**
 * An error in a stream of OpenAI's Responses API. The official clients read `response.failed` and `error`, but Codex
 * only the first one.
 */
function failedResponse(error: GatewayError): string {
  const response = { id: 'resp_failed', object: 'response', status: 'failed', output: [] };
  const data = jsonOf(error, ({ code, message }) => {
    return { type: 'response.failed', response: { ...response, error: { code, message } } };
  });
  return `event: response.failed\ndata: ${data}\n\n`;
}
