import dns from 'node:dns';
import net from 'node:net';
import os from 'node:os';
import { codeOf } from './error-code.ts';

/** Whether this machine has a network. Called when `host` could not be reached. Never rejects. */
export type OnlineCheck = (host: string) => Promise<boolean>;

/** A resolver that answers with these codes exists, so there is a network. */
const resolverAnswers = new Set<string>([dns.NOTFOUND, dns.NODATA]);

/**
 * Asks the machine. It is offline if it has only loopback interfaces or if no resolver answers. The resolver gets no
 * other name than the one that failed, so it learns nothing new. Takes a few seconds at most.
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
