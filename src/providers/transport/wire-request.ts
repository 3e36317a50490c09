import type { OriginMismatch } from '../../guard/outcome.ts';
import type { BoundKey } from '../../shared/bound-key.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { Access } from './provider-access.ts';
import type { ExchangeRequest } from './http-exchange.ts';

/** The headers in which the SDKs put their placeholder key. */
const placeholders = ['authorization', 'x-api-key', 'x-goog-api-key', 'api-key'];

/**
 * The request as it goes out: the caller's, with the real key in place of the placeholder, and with the provider's own
 * headers and parameters. Refuses to put a secret into a request for another origin than the secret's own. This is the
 * last check before a connection and depends on no layer above. Throws a TypeError for a body that is neither text nor
 * bytes.
 */
export function requestOf(
  input: string | URL | Request,
  init: RequestInit | undefined,
  access: Access,
): Result<ExchangeRequest, OriginMismatch> {
  if (input instanceof Request) throw new TypeError('a wire takes a URL, not a Request');
  const headers = Object.fromEntries(new Headers(init?.headers));
  for (const name of placeholders) Reflect.deleteProperty(headers, name);
  const url = new URL(input);
  for (const [name, value] of Object.entries(access.query)) {
    if (!url.searchParams.has(name)) url.searchParams.set(name, value);
  }
  const misdirected = boundKeys(access).find(({ origin }) => origin !== url.origin);
  if (misdirected !== undefined) {
    return err({ kind: 'origin', approved: misdirected.origin, asked: url.origin });
  }
  const body = bodyOf(init?.body);
  return ok({
    url,
    method: init?.method ?? 'GET',
    body,
    strictTls: access.strictTls,
    headers: {
      ...headers,
      ...inTheClear(access.headers),
      // A server holds a compressed stream back until a block is full, so no compression is accepted.
      'accept-encoding': 'identity',
      ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
      ...keyOf(access),
    },
  });
}

function inTheClear(headers: Access['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : value.secret.reveal(),
    ]),
  );
}

function keyOf({ key, keyHeader }: Access): Record<string, string> {
  return key === undefined ? {} : { [keyHeader.name]: keyHeader.prefix + key.secret.reveal() };
}

/** The clear text of every secret that a request with this access carries. */
export function secretsOf(access: Access): string[] {
  return boundKeys(access)
    .map(({ secret }) => secret.reveal())
    .filter((value) => value !== '');
}

function boundKeys({ key, headers }: Access): BoundKey[] {
  const bound = Object.values(headers).filter((value) => typeof value !== 'string');
  return key === undefined ? bound : [key, ...bound];
}

function bodyOf(body: RequestInit['body']): string | Uint8Array | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  throw new TypeError('a wire takes a body of text or bytes');
}
