import { once } from 'node:events';
import net from 'node:net';
import { systemRandom } from '../../src/shared/random.ts';

// Below those that the system gives out by itself: it could give one to somebody else before it is used.
const first = 10_000;
const last = 32_000;

/** A port that nobody has at the moment. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = first + Math.floor(systemRandom.next() * (last - first));
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const probe = net.createServer().listen(port, '127.0.0.1');
  try {
    await once(probe, 'listening');
  } catch (failure) {
    const code = failure instanceof Error && 'code' in failure ? failure.code : undefined;
    if (code === 'EADDRINUSE' || code === 'EACCES') return false;
    throw failure;
  }
  await new Promise((resolve) => probe.close(resolve));
  return true;
}
