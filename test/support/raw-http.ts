import net from 'node:net';

/** What came on a connection until the server closed it, and when that was, in `performance.now()`. */
export interface Conversation {
  readonly text: string;
  readonly closedMs: number;
}

/** Writes bytes to a port as they are, leaves the connection open, and waits until the server closes it. */
export function converse(port: number, ...pieces: readonly string[]): Promise<Conversation> {
  return new Promise((resolve) => {
    let text = '';
    const socket = net.connect(port, '127.0.0.1', () => {
      for (const piece of pieces) socket.write(piece);
    });
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    // A reset is a way of closing, too.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      resolve({ text, closedMs: performance.now() });
    });
  });
}

/** A request's head, with these header lines and a Host of its own if none is among them. */
export function head(port: number, line: string, ...headers: readonly string[]): string {
  const host = headers.some((header) => /^host:/i.test(header)) ? [] : [`Host: 127.0.0.1:${port}`];
  return [line, ...host, ...headers, 'Connection: close', '', ''].join('\r\n');
}
