import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import type { TestEvent } from '../test-events.ts';

export interface EventServer {
  port: number;
  /** Resolves when the tests have ended; rejects if they go away before, or say nothing for too long. */
  ended: Promise<void>;
  close(): void;
}

/** Listens for the one connection over which tests in an extension host report. */
export async function listenForEvents(
  silenceMs: number,
  receive: (event: TestEvent) => void,
): Promise<EventServer> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const silence = setTimeout(() => {
    reject(new Error(`The tests in the extension host said nothing for ${silenceMs / 1000} s.`));
  }, silenceMs);
  const server = createServer((socket) => {
    socket.on('error', reject);
    const lines = createInterface({ input: socket });
    lines.on('line', (line) => {
      silence.refresh();
      const event = JSON.parse(line) as TestEvent;
      receive(event);
      if (event.kind === 'ended') resolve(undefined);
    });
    lines.on('close', () => {
      reject(new Error('The extension host went away before its tests had ended.'));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // Somebody may stop before waiting for the end; that is no failure of its own.
  promise.catch(() => undefined);
  return {
    port: (server.address() as AddressInfo).port,
    ended: promise,
    close: () => {
      clearTimeout(silence);
      server.close();
    },
  };
}
