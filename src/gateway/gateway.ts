import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { sleep } from '../shared/clock.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { stopping } from './http/gateway-error.ts';
import type { GatewayPorts } from './gateway-ports.ts';
import type { BodyLimits } from './http/read-body.ts';
import { sendError, serve } from './http/serve.ts';
import type { StartProblem } from './start-problem.ts';

export interface GatewayOptions extends BodyLimits {
  /** 0 for any that is free. */
  readonly port: number;
  readonly maxConnections: number;
  readonly headersMs: number;
  /** How long calls may go on after `stop()`. */
  readonly drainMs: number;
}

export const defaultGatewayOptions: Omit<GatewayOptions, 'port'> = {
  maxBodyBytes: 4 * 1024 * 1024,
  maxConnections: 64,
  headersMs: 5_000,
  bodyMs: 30_000,
  drainMs: 5_000,
};

/** Only this machine can reach it. */
const address = '127.0.0.1';

/** The guard's door for every tool that speaks HTTP: a server on loopback. Start it once. */
export class Gateway {
  readonly #ports: GatewayPorts;
  readonly #options: GatewayOptions;
  readonly #server: http.Server;
  readonly #running = new Map<AbortController, Promise<void>>();
  #stopping: Promise<void> | undefined;

  constructor(ports: GatewayPorts, options: GatewayOptions) {
    this.#ports = ports;
    this.#options = options;
    const { headersMs, bodyMs } = options;
    this.#server = http.createServer({
      headersTimeout: headersMs,
      // Only a net under the timer of the body, which can tell the client.
      requestTimeout: headersMs + bodyMs + 1_000,
      connectionsCheckingInterval: Math.min(500, headersMs / 2),
      // It is checked with everything else, and answered with a 403.
      requireHostHeader: false,
    });
    this.#server.maxConnections = options.maxConnections;
    const handle = (request: IncomingMessage, response: ServerResponse) => {
      this.#handle(request, response);
    };
    this.#server.on('request', handle).on('checkContinue', handle).on('upgrade', refuseUpgrade);
  }

  /** Listens on 127.0.0.1. A port that somebody else has is a problem, never shared. */
  start(): Promise<Result<{ readonly port: number }, StartProblem>> {
    const { port } = this.#options;
    return new Promise((resolve) => {
      this.#server.once('error', (error) => {
        resolve(err(problemOf(error, port)));
      });
      this.#server.listen({ host: address, port, exclusive: true }, () => {
        this.#server.removeAllListeners('error').on('error', this.#ports.onTrouble);
        resolve(ok({ port: (this.#server.address() as AddressInfo).port }));
      });
    });
  }

  /** Takes nothing new, lets what runs go on for a while, then aborts it. Resolves when all of it is settled. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
    this.#server.closeIdleConnections();
    const drained = new AbortController();
    const all = Promise.all(this.#running.values()).finally(() => {
      drained.abort();
    });
    await sleep(this.#ports.clock, this.#options.drainMs, drained.signal);
    for (const abort of this.#running.keys()) abort.abort();
    await all;
    this.#server.closeAllConnections();
    await closed;
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    if (this.#stopping !== undefined) {
      response.setHeader('connection', 'close');
      sendError(request, response, stopping);
      return;
    }
    const abort = new AbortController();
    response
      .once('close', () => {
        // To abort costs more than one would think, and after the last byte there is nothing left to be aborted.
        if (!response.writableFinished) abort.abort();
      })
      // What is written just when the client leaves is nobody's; that it left the signal tells.
      .on('error', () => undefined);
    const { signal } = abort;
    const served = serve(request, response, { ports: this.#ports, limits: this.#options, signal })
      .catch((error: unknown) => {
        this.#ports.onTrouble(error);
        if (response.headersSent) response.destroy();
        else
          sendError(request, response, {
            status: 500,
            code: 'internal',
            message: 'An internal error occurred. The Callguard log has the details.',
          });
      })
      .finally(() => {
        this.#running.delete(abort);
      });
    this.#running.set(abort, served);
  }
}

function refuseUpgrade(_request: IncomingMessage, socket: Duplex): void {
  // A client that is gone already has nothing to hear.
  socket.on('error', () => undefined);
  socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
}

function problemOf(error: Error, port: number): StartProblem {
  const isInUse = 'code' in error && error.code === 'EADDRINUSE';
  return isInUse ? { kind: 'portInUse', port } : { kind: 'cannotListen', port, reason: error.message };
}
