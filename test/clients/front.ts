import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A POST of the tool. */
export interface FrontCall {
  /** When it came, on the clock of `performance.now()`. */
  readonly atMs: number;
  readonly path: string;
  /** What came so far. */
  body: Buffer;
  /** What was answered so far. */
  answer: Buffer;
}

/** Stands before Callguard and counts what a tool asks. */
export interface Front {
  readonly origin: string;
  readonly calls: FrontCall[];
  close(): void;
}

export async function startFront(target: string): Promise<Front> {
  const calls: FrontCall[] = [];
  const { host } = new URL(target);
  const server = createServer((request, response) => {
    const { url = '', method } = request;
    const call = { atMs: performance.now(), path: url, body: Buffer.alloc(0), answer: Buffer.alloc(0) };
    if (method === 'POST') calls.push(call);
    request.on('data', (chunk: Buffer) => (call.body = Buffer.concat([call.body, chunk])));
    const passed = httpRequest(target + url, { method, headers: { ...request.headers, host } }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('data', (chunk: Buffer) => (call.answer = Buffer.concat([call.answer, chunk])));
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
    calls,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
