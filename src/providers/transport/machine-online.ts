import dns from 'node:dns';
import net from 'node:net';
import os from 'node:os';
import { codeOf } from './error-code.ts';

/** Whether this machine has a network at all, asked when `host` could not be reached. Never rejects. */
export type OnlineCheck = (host: string) => Promise<boolean>;

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
