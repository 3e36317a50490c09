import net, { type Socket } from 'node:net';
import { MatrixDraw, randomFrom } from './http-matrix-draw.ts';
import { startMatrixGateway, type CountingUpstream } from './http-matrix-run.ts';

export interface StopReport {
  /** Open when the gateway was stopped. */
  readonly sockets: number;
  readonly stopMs: number;
}

/** As many as the gateway takes. */
const connections = 64;

/**
 * Starts a gateway, opens connections that never end by themselves, each in another state, and stops it: a part of a
 * head, a part of a body, a call that is never answered, a client that reads nothing, and requests of the matrix
 * without their last bytes.
 */
export async function stopUnderLoad(upstream: CountingUpstream, seed: number): Promise<StopReport> {
  const gateway = await startMatrixGateway(upstream);
  const { port, tokens } = gateway;
  const draw = new MatrixDraw(seed, port, tokens);
  const random = randomFrom(seed);
  const sockets = new Set<Socket>();
  const head = (method: string, path: string, token: string, ...more: readonly string[]) =>
    [`${method} ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, `x-api-key: ${token}`, ...more, '', ''].join(
      '\r\n',
    );
  const chat = (...more: readonly string[]) =>
    head('POST', '/v1/chat/completions', tokens.calls, 'Content-Type: application/json', ...more);
  const stalled = JSON.stringify({ model: 'acme/m', messages: [{ role: 'user', content: 'stall' }] });
  const starts: readonly (() => string | Buffer)[] = [
    () => '',
    () => chat().slice(0, -2),
    () => `${chat('Content-Length: 100')}{"model":`,
    () => `${chat('Transfer-Encoding: chunked')}5\r\n{"mod`,
    () => chat('Content-Length: 100', 'Expect: 100-continue'),
    () => chat(`Content-Length: ${stalled.length}`) + stalled,
    () => head('GET', '/api/llm/metrics', tokens.readOnly).repeat(200),
    () => head('GET', '/v1/models', tokens.calls, 'Connection: Upgrade', 'Upgrade: websocket'),
    () => draw.next().bytes.subarray(0, -1),
    () => draw.next().bytes,
  ];
  for (let n = 0; n < connections; n += 1) {
    const start = starts[Math.floor(random() * starts.length)]?.() ?? '';
    const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    // It reads nothing, so what it is sent stays with the gateway.
    socket.pause();
    await new Promise<void>((resolve) => {
      socket.once('connect', () => {
        socket.write(start, () => {
          resolve();
        });
      });
      socket.once('close', () => {
        resolve();
      });
    });
  }
  const open = sockets.size;
  const startMs = performance.now();
  await gateway.stop();
  const stopMs = performance.now() - startMs;
  for (const socket of sockets) socket.destroy();
  return { sockets: open, stopMs };
}
