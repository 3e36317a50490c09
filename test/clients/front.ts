import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands before Callguard and counts what a tool asks. */
export interface Front {
  readonly origin: string;
  /** When each call came, on the clock of `performance.now()`. */
  readonly callsMs: number[];
  close(): void;
}

export async function startFront(target: string): Promise<Front> {
  const callsMs: number[] = [];
  const { host } = new URL(target);
  const server = createServer((request, response) => {
    if (request.method === 'POST') callsMs.push(performance.now());
    const { url = '', method } = request;
    const passed = httpRequest(target + url, { method, headers: { ...request.headers, host } }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', (error) => response.destroy(error));
    response.on('close', () => passed.destroy());
    request.pipe(passed);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    callsMs,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
