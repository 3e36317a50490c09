import assert from 'node:assert/strict';
import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { endLongTurn, gateOf } from '../../../../src/providers/stream/socket-gate.ts';
import { sliceLimits } from '../../../../src/shared/limits.ts';

const kib = 1024;

async function turns(count: number): Promise<void> {
  for (let n = 0; n < count; n++) await turn();
}

describe('SocketGate', () => {
  let server: http.Server;
  let client: Socket;
  let socket: Socket;
  let message: IncomingMessage;
  let chunks: number[];

  /** A server that has got the head of a request, whose body follows in chunks. */
  beforeEach(async () => {
    chunks = [];
    server = http.createServer();
    server.on('connection', (accepted: Socket) => {
      gateOf(accepted);
      accepted.on('data', () => undefined);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    client = net.connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
    client.write('POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n');
    [message] = (await once(server, 'request')) as [IncomingMessage];
    socket = message.socket;
    message.on('data', (chunk: Buffer) => chunks.push(chunk.length));
  });
  afterEach(() => {
    client.destroy();
    socket.destroy();
    server.close();
  });

  const send = (bytes: number) => client.write(`${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n`);
  const seen = () => chunks.reduce((sum, length) => sum + length, 0);

  it('gives the parser no more than a piece of a read at once', async () => {
    send(512 * kib);
    client.write('0\r\n\r\n');
    await once(message, 'end');
    assert.equal(seen(), 512 * kib);
    assert.ok(Math.max(...chunks) <= sliceLimits.parsedAtOnceBytes, `${Math.max(...chunks)} bytes`);
  });

  it('lets nothing through while anyone holds it, whoever resumes the socket', async () => {
    const gate = gateOf(socket);
    gate.hold('message');
    gate.hold('requests');
    send(8);
    for (let n = 0; n < 20; n++) {
      socket.resume();
      await turns(5);
    }
    gate.release('message');
    await turns(50);
    assert.equal(seen(), 0);
    gate.release('requests');
    await once(message, 'data');
    assert.equal(seen(), 8);
  });

  it('stops the sockets in the middle of a read once a turn is long, and goes on in the next one', async () => {
    const perTurn: number[] = [];
    message.on('data', () => {
      // A chunk that takes long.
      const end = performance.now() + sliceLimits.turnMs + 1;
      while (performance.now() < end);
      endLongTurn();
    });
    for (let sent = 0; sent < 16; sent++) send(16 * kib);
    client.write('0\r\n\r\n');
    let before = 0;
    while (seen() < 256 * kib) {
      await turn();
      if (chunks.length > before) perTurn.push(chunks.length - before);
      before = chunks.length;
    }
    // Node.js keeps the first read until the message flows. A later piece has parts of two chunks.
    assert.ok(Math.max(...perTurn.slice(1)) <= 4, perTurn.join());
  });
});
