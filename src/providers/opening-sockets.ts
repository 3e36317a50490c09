import { AsyncLocalStorage } from 'node:async_hooks';
import diagnostics from 'node:diagnostics_channel';
import net from 'node:net';
import type { Disposable } from '../shared/disposable.ts';

/** Node publishes every client socket here as it is made. */
const channel = 'net.client.socket';

/**
 * The sockets that an agent opens for one request before it hands one over. An agent that goes through a proxy
 * keeps its socket to itself until the proxy has answered CONNECT, and has no way to be called off: a silent proxy
 * would hold that socket for good. Whose socket it is, the asynchronous context tells.
 */
export class OpeningSockets implements Disposable {
  readonly #context = new AsyncLocalStorage<this>();
  readonly #sockets = new Set<net.Socket>();
  readonly #made = (message: unknown): void => {
    if (this.#context.getStore() !== this || typeof message !== 'object' || message === null) return;
    if ('socket' in message && message.socket instanceof net.Socket) this.#sockets.add(message.socket);
  };

  /** Runs `open`; the sockets that come of it, also later on, are these, until `dispose()`. */
  run(open: () => void): void {
    diagnostics.subscribe(channel, this.#made);
    try {
      this.#context.run(this, open);
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.dispose();
  }

  /** The request has its socket, or never will: what the agent opens from here on is no concern of it. */
  dispose(): void {
    diagnostics.unsubscribe(channel, this.#made);
    this.#sockets.clear();
  }
}
