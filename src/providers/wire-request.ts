import type { Secret } from '../shared/secret.ts';
import type { Dialect } from './catalogue.ts';
import type { ExchangeRequest } from './exchange.ts';

/**
 * The request as it goes out: the caller's, with the real key in the place of the placeholder. Throws a TypeError
 * for a body that is neither text nor bytes.
 */
export function requestOf(
  input: string | URL | Request,
  init: RequestInit | undefined,
  dialect: Dialect,
  key: Secret | undefined,
): ExchangeRequest {
  if (input instanceof Request) throw new TypeError('a wire takes a URL, not a Request');
  const headers = Object.fromEntries(new Headers(init?.headers));
  delete headers['authorization'];
  const body = bodyOf(init?.body);
  return {
    url: new URL(input),
    method: init?.method ?? 'GET',
    body,
    headers: {
      ...headers,
      // A compressed stream is held back until a block is full, so none is asked for.
      'accept-encoding': 'identity',
      ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
      ...authorization(dialect, key),
    },
  };
}

function authorization(dialect: Dialect, key: Secret | undefined): Record<string, string> {
  return key === undefined ? {} : keyHeaders[dialect](key.reveal());
}

const keyHeaders: Readonly<Record<Dialect, (key: string) => Record<string, string>>> = {
  'openai-chat': (key) => ({ authorization: `Bearer ${key}` }),
};

function bodyOf(body: RequestInit['body']): string | Uint8Array | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  throw new TypeError('a wire takes a body of text or bytes');
}
