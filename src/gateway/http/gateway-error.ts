/** Whose words an answer is in. */
export type Protocol = 'openai' | 'anthropic' | 'management';

/** Why a request gets no answer of a provider. */
export interface GatewayError {
  readonly status: number;
  /** Stable: what a program may look at. */
  readonly code: string;
  /** For a person; without secrets, prompt or reply. */
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const stopping: GatewayError = {
  status: 503,
  code: 'stopping',
  message: 'The gateway is stopping.',
};

/** Anthropic's names (its API reference, 'Errors'); OpenAI's are a part of them or free. */
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

/** The error as a client of this protocol expects it. */
export function errorBody({ status, code, message }: GatewayError, protocol: Protocol): object {
  const type = types[status] ?? 'api_error';
  switch (protocol) {
    case 'openai':
      return { error: { message, type, param: null, code } };
    case 'anthropic':
      return { type: 'error', error: { type, message, code } };
    case 'management':
      return { error: { code, message } };
  }
}

/** The error as an event in the middle of a streamed answer. */
export function errorEvent(error: GatewayError, protocol: Protocol): string {
  const data = JSON.stringify(errorBody(error, protocol));
  return protocol === 'anthropic' ? `event: error\ndata: ${data}\n\n` : `data: ${data}\n\n`;
}
