import { err, ok, type Result } from '../shared/result.ts';

/** A provider's base URL, parsed. */
export interface BaseUrl {
  /** As the URL standard writes it. */
  readonly href: string;
  /** Scheme, host and port, without a default port. A key is bound to it, and comparisons use it. */
  readonly origin: string;
  /**
   * Whether a key may be sent there. `confirm`: http to another machine, which others on the network can read. A key is
   * sent there only after the user has confirmed this origin. Calls without a key need no confirmation.
   */
  readonly key: 'allowed' | 'confirm';
}

export type BaseUrlFault = 'notAUrl' | 'scheme' | 'credentials';

/** Parses and judges a base URL: https or http, without user:password@ (which would end up in logs). */
export function parseBaseUrl(text: string): Result<BaseUrl, BaseUrlFault> {
  const url = URL.parse(text);
  if (url === null) return err('notAUrl');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return err('scheme');
  if (url.username !== '' || url.password !== '') return err('credentials');
  const safe = url.protocol === 'https:' || isLoopback(url.hostname);
  return ok({ href: url.href, origin: url.origin, key: safe ? 'allowed' : 'confirm' });
}

/** Throws unless the text is an origin as `parseBaseUrl` returns it: two spellings of one origin would differ. */
export function assertOrigin(origin: string): void {
  if (URL.parse(origin)?.origin !== origin) throw new RangeError(`not an origin: ${JSON.stringify(origin)}`);
}

/**
 * 127.0.0.0/8, ::1 and `localhost`, which resolvers keep on the machine (RFC 6761 section 6.3). The URL parser has
 * normalized the name: no host name looks like an address, and 0x7f.1 has become 127.0.0.1.
 */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
