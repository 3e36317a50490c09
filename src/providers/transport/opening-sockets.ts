import { AsyncLocalStorage } from 'node:async_hooks';
import diagnostics from 'node:diagnostics_channel';
import net from 'node:net';
import type { Disposable } from '../../shared/disposable.ts';

/**
 * The sockets that an agent opens for one request before it provides one. An agent for a proxy keeps its socket until
 * the proxy has answered CONNECT, and it cannot be cancelled, so a silent proxy would keep the socket open for good. The
 * asynchronous context says which request a socket belongs to.
 */
export class OpeningSockets implements Disposable {
  // One for all requests. A store for each would slow down all later ones until it is garbage-collected.
  static readonly #context = new AsyncLocalStorage<OpeningSockets>();
  readonly #sockets = new Set<net.Socket>();
  readonly #unresolved = new Set<net.Socket>();
  #isOpen = false;

  static {
    // Node.js publishes every new client socket here. The subscription is permanent, because subscribing for each
    // request costs more than the messages.
    diagnostics.subscribe('net.client.socket', (message) => {
      const opening = OpeningSockets.#context.getStore();
      if (opening === undefined || typeof message !== 'object' || message === null) return;
      if ('socket' in message && message.socket instanceof net.Socket) opening.#made(message.socket);
    });
  }

  /** Whether the name of the server or a proxy is still being looked up. Valid after `dispose()`, too. */
  get resolving(): boolean {
    return this.#unresolved.size > 0;
  }

  /** Runs `open` and collects the sockets that it causes, also later, until `dispose()`. */
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

  /** The request has its socket or will never have one. Sockets that the agent opens later do not belong to it. */
  dispose(): void {
    this.#isOpen = false;
    this.#sockets.clear();
  }

  #made(socket: net.Socket): void {
    if (!this.#isOpen) return;
    this.#sockets.add(socket);
    this.#unresolved.add(socket);
    // The first connection attempt comes once there is an address.
    for (const over of ['connectionAttempt', 'close']) {
      socket.once(over, () => this.#unresolved.delete(socket));
    }
  }
}
