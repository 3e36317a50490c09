import dns from 'node:dns';
import net from 'node:net';
import os from 'node:os';
import type { Outcome } from '../guard/outcome.ts';
import { present, type Sanitize } from './provider-message.ts';

/** Whether this machine has a network at all, asked when `host` could not be reached. Never rejects. */
export type OnlineCheck = (host: string) => Promise<boolean>;

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

/** The error code that Node, OpenSSL or the resolver gave. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** With these a resolver says that there is no such name, so there is a resolver, and a network. */
const resolverAnswers = new Set<string>([dns.NOTFOUND, dns.NODATA]);

/**
 * Asks the machine: no interface but loopback, or no resolver that answers, is no network. The resolver is asked for
 * the name that failed and no other, so nobody learns anything new. Takes at most some seconds.
 */
export const isMachineOnline: OnlineCheck = async (host) => {
  const addresses = Object.values(os.networkInterfaces()).flatMap((list) => list ?? []);
  if (!addresses.some(({ internal, address }) => !internal && !/^(169\.254\.|fe80:)/i.test(address)))
    return false;
  if (net.isIP(host) !== 0) return true;
  try {
    await new dns.promises.Resolver({ timeout: 1_000, tries: 1 }).resolve4(host);
    return true;
  } catch (error) {
    return resolverAnswers.has(codeOf(error) ?? '');
  }
};
