import { once } from 'node:events';
import { createServer } from 'node:net';
import { Explained } from './explained.ts';

/** Throws if somebody already listens on a port of this machine. */
export async function checkPortIsFree(port: number): Promise<void> {
  const server = createServer();
  try {
    const listening = once(server, 'listening');
    server.listen(port, '127.0.0.1');
    await listening;
  } catch (failure) {
    const code = failure instanceof Error && 'code' in failure ? String(failure.code) : String(failure);
    const why = code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${code})`;
    throw new Explained(`Port ${port} ${why}. Choose another with \`npm start -- --port N\`.`, {
      cause: failure,
    });
  } finally {
    server.close();
  }
}

export function parsePort(text: string, lowest = 1): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < lowest || port > 65_535) {
    throw new Explained(`--port must be a number from ${lowest} to 65535, not ${JSON.stringify(text)}.`);
  }
  return port;
}
