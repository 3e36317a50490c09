import { err, ok, type Result } from '../shared/result.ts';

/** A provider's base URL, parsed. */
export interface BaseUrl {
  /** As the URL standard spells it. */
  readonly href: string;
  /** Scheme, host and port, with a default port left out: what a key is bound to, and what is compared. */
  readonly origin: string;
  /**
   * Whether a key may be sent there. `confirm`: http to another machine, which everybody on the way can read; a
   * key goes there only after a person has agreed to this very origin. Without a key it needs no confirmation.
   */
  readonly key: 'allowed' | 'confirm';
}

export type BaseUrlFault = 'notAUrl' | 'scheme' | 'credentials';

/** Parses and judges a base URL: https or http, with no user:password@ in it (it would end up in logs). */
export function parseBaseUrl(text: string): Result<BaseUrl, BaseUrlFault> {
  const url = URL.parse(text);
  if (url === null) return err('notAUrl');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return err('scheme');
  if (url.username !== '' || url.password !== '') return err('credentials');
  const safe = url.protocol === 'https:' || isLoopback(url.hostname);
  return ok({ href: url.href, origin: url.origin, key: safe ? 'allowed' : 'confirm' });
}

/** Throws for anything but an origin as `parseBaseUrl` gives it: two spellings of one origin must not differ. */
export function assertOrigin(origin: string): void {
  if (URL.parse(origin)?.origin !== origin) throw new RangeError(`not an origin: ${JSON.stringify(origin)}`);
}

/**
 * 127.0.0.0/8, ::1 and `localhost`, which resolvers keep on the machine (RFC 6761 section 6.3). The name has gone
 * through the URL parser, so no host name looks like an address, and 0x7f.1 has become 127.0.0.1.
 */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
