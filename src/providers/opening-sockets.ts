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
  readonly #unresolved = new Set<net.Socket>();
  readonly #made = (message: unknown): void => {
    if (this.#context.getStore() !== this || typeof message !== 'object' || message === null) return;
    if (!('socket' in message && message.socket instanceof net.Socket)) return;
    const { socket } = message;
    this.#sockets.add(socket);
    this.#unresolved.add(socket);
    // The first attempt to connect is made once there is an address, at once where none has to be looked up.
    for (const over of ['connectionAttempt', 'close']) {
      socket.once(over, () => this.#unresolved.delete(socket));
    }
  };

  /** Whether a name has still to be resolved, a proxy's or the server's own; also after `dispose()`. */
  get resolving(): boolean {
    return this.#unresolved.size > 0;
  }

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
