import dns from 'node:dns';
import net from 'node:net';

/** From now on no name is resolved: the question is never answered. Returns what ends that. */
export function silenceResolver(): () => void {
  const { lookup } = dns;
  // Node's sockets and servers look the function up each time, the latter also for an address.
  const silent = (host: string, ...rest: unknown[]): unknown =>
    net.isIP(host) === 0 ? undefined : Reflect.apply(lookup, dns, [host, ...rest]);
  dns.lookup = Object.assign(silent, lookup);
  return () => {
    dns.lookup = lookup;
  };
}
