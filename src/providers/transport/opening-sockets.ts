import { AsyncLocalStorage } from 'node:async_hooks';
import diagnostics from 'node:diagnostics_channel';
import net from 'node:net';
import type { Disposable } from '../../shared/disposable.ts';

/**
 * The sockets that an agent opens for one request before it hands one over. An agent that goes through a proxy
 * keeps its socket to itself until the proxy has answered CONNECT, and has no way to be called off: a silent proxy
 * would hold that socket for good. Whose socket it is, the asynchronous context tells.
 */
export class OpeningSockets implements Disposable {
  // One for all requests: a store of its own for each makes every later one dearer, until they are collected.
  static readonly #context = new AsyncLocalStorage<OpeningSockets>();
  readonly #sockets = new Set<net.Socket>();
  readonly #unresolved = new Set<net.Socket>();
  #isOpen = false;

  static {
    // Node publishes every client socket here as it is made. Listened to for good, as to begin and to end that at
    // each request costs more than to hear of a socket.
    diagnostics.subscribe('net.client.socket', (message) => {
      const opening = OpeningSockets.#context.getStore();
      if (opening === undefined || typeof message !== 'object' || message === null) return;
      if ('socket' in message && message.socket instanceof net.Socket) opening.#made(message.socket);
    });
  }

  /** Whether a name has still to be resolved, a proxy's or the server's own; also after `dispose()`. */
  get resolving(): boolean {
    return this.#unresolved.size > 0;
  }

  /** Runs `open`; the sockets that come of it, also later on, are these, until `dispose()`. */
  run(open: () => void): void {
    this.#isOpen = true;
    try {
      OpeningSockets.#context.run(this, open);
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
    this.#isOpen = false;
    this.#sockets.clear();
  }

  #made(socket: net.Socket): void {
    if (!this.#isOpen) return;
    this.#sockets.add(socket);
    this.#unresolved.add(socket);
    // The first attempt to connect is made once there is an address, at once where none has to be looked up.
    for (const over of ['connectionAttempt', 'close']) {
      socket.once(over, () => this.#unresolved.delete(socket));
    }
  }
}
