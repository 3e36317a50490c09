import type { Outcome } from '../guard/outcome.ts';
import { codeOf } from './error-code.ts';
import type { OnlineCheck } from './machine-online.ts';
import { present, type Sanitize } from './provider-message.ts';

/** Codes that a machine without a network gives; with one, they speak of the provider. */
const networkCodes = new Set([
  'ENETUNREACH',
  'ENETDOWN',
  'EHOSTUNREACH',
  'EADDRNOTAVAIL',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was closed before an answer came',
  EPIPE: 'the connection was closed before an answer came',
  ETIMEDOUT: 'the connection timed out',
  ENOTFOUND: 'the name does not resolve',
  EAI_AGAIN: 'the name does not resolve at the moment',
  ENETUNREACH: 'there is no route to it',
  EHOSTUNREACH: 'there is no route to it',
  ENETDOWN: 'the network is down',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted on this machine',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted on this machine',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted on this machine',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not trusted on this machine',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

/** What an error before the first byte of an answer means. */
export async function connectionFailure(
  error: unknown,
  host: string,
  isOnline: OnlineCheck,
  sanitize: Sanitize,
): Promise<Outcome> {
  const code = codeOf(error);
  if (code?.startsWith('HPE_') === true) {
    return { kind: 'malformed', message: `${host} does not answer in HTTP (${code})` };
  }
  if (code !== undefined && networkCodes.has(code) && !(await isOnline(host))) {
    return { kind: 'offline', message: `no network: ${host} cannot be reached (${code})` };
  }
  const own = error instanceof Error ? error.message : '';
  const what =
    (code === undefined ? undefined : words[code]) ?? present(own, sanitize, 'the connection failed');
  return { kind: 'connection', message: `${host}: ${what}${code === undefined ? '' : ` (${code})`}` };
}
