import net, { type AddressInfo, type Socket } from 'node:net';

/** What the upstream does once it has sent its bytes. */
export type RawEnd = 'end' | 'reset';

export interface RawUpstream {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  /** The bytes with which it answers whatever comes on a connection. */
  answerWith(bytes: Buffer, end: RawEnd): void;
  close(): Promise<void>;
}

/** A server on loopback that answers in bytes, of which no library makes good HTTP. */
export async function startRawUpstream(): Promise<RawUpstream> {
  const sockets = new Set<Socket>();
  let answer: readonly [Buffer, RawEnd] = [Buffer.alloc(0), 'end'];
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A client may reset the connection at any time.
    socket.on('error', () => undefined);
    socket.once('data', () => {
      const [bytes, end] = answer;
      if (end === 'end') socket.end(bytes);
      else socket.write(bytes, () => socket.resetAndDestroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answerWith: (bytes, end) => {
      answer = [bytes, end];
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** A good answer in HTTP, in chunks which Node.js reads one by one. */
export function inChunks(chunks: readonly Buffer[], contentType: string): Buffer {
  const head = [
    'HTTP/1.1 200 OK',
    `content-type: ${contentType}`,
    'transfer-encoding: chunked',
    'connection: close',
  ];
  return Buffer.concat([
    Buffer.from(`${head.join('\r\n')}\r\n\r\n`),
    ...chunks.flatMap((chunk) => [
      Buffer.from(`${chunk.length.toString(16)}\r\n`),
      chunk,
      Buffer.from('\r\n'),
    ]),
    Buffer.from('0\r\n\r\n'),
  ]);
}
