import dns from 'node:dns';
import net from 'node:net';

type Answered = (error: NodeJS.ErrnoException) => void;

/** From now on no name is resolved: the question is never answered. Returns what ends that. */
export function silenceResolver(): () => void {
  return resolveBy(() => undefined);
}

/** From now on there is no name: the answer is no, as a name server gives it. Returns what ends that. */
export function emptyResolver(): () => void {
  return resolveBy((hostname, answered) => {
    const error = new Error(`getaddrinfo ENOTFOUND ${hostname}`);
    setImmediate(answered, Object.assign(error, { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname }));
  });
}

function resolveBy(answer: (hostname: string, answered: Answered) => void): () => void {
  const { lookup } = dns;
  // Node's sockets and servers look the function up each time, the latter also for an address.
  const replaced = (host: string, ...rest: unknown[]): unknown => {
    if (net.isIP(host) !== 0) return Reflect.apply(lookup, dns, [host, ...rest]);
    answer(host, rest.at(-1) as Answered);
    return undefined;
  };
  dns.lookup = Object.assign(replaced, lookup);
  return () => {
    dns.lookup = lookup;
  };
}
