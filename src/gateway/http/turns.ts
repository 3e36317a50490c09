import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { gateOf } from '../../providers/stream/socket-gate.ts';
import { gatewayLimits } from '../../shared/limits.ts';

interface Waiting {
  readonly response: ServerResponse;
  readonly start: () => void;
}

/**
 * Runs the requests of one connection one after the other, in the order of their answers (RFC 9112, 9.3.2). Node.js
 * hands over all pipelined requests at once, and each would be a call in progress.
 */
export class Turns {
  readonly #waiting = new WeakMap<Socket, Waiting[]>();

  /** Runs `serve` after the earlier requests are answered. Does not run it if the connection closes first. */
  take(socket: Socket, response: ServerResponse, serve: () => void): void {
    const start = () => {
      response.once('close', () => {
        this.#next(socket);
      });
      serve();
    };
    const waiting = this.#waiting.get(socket);
    if (waiting === undefined) {
      this.#waiting.set(socket, []);
      start();
      return;
    }
    waiting.push({ response, start });
    if (waiting.length > gatewayLimits.mostWaitingRequests) socket.destroy();
    else if (isFull(waiting)) gateOf(socket).hold('requests');
  }

  #next(socket: Socket): void {
    const waiting = this.#waiting.get(socket);
    const next = waiting?.shift();
    if (next === undefined) this.#waiting.delete(socket);
    // Node.js gives the response no socket if the connection ends with the previous response.
    else if (next.response.socket !== null) next.start();
    if (!isFull(waiting)) gateOf(socket).release('requests');
  }
}

function isFull(waiting: readonly Waiting[] = []): boolean {
  return waiting.length >= gatewayLimits.waitingRequests;
}
