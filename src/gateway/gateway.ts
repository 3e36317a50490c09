import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { sleep } from '../shared/clock.ts';
import { gatewayLimits } from '../shared/limits.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { stopping } from './http/gateway-error.ts';
import type { GatewayPorts } from './gateway-ports.ts';
import { ByteBudget } from './http/byte-budget.ts';
import type { BodyLimits } from './http/read-body.ts';
import { sendError, serve } from './http/serve.ts';
import { closeWhenStalled } from './http/stalled-client.ts';
import { Turns } from './http/turns.ts';
import type { StartProblem } from './start-problem.ts';

export interface GatewayOptions extends BodyLimits {
  /** 0 for any that is free. */
  readonly port: number;
  readonly maxConnections: number;
  /** Of all bodies together. */
  readonly maxBodiesBytes: number;
  readonly headersMs: number;
  /** How long a client may take nothing of what waits for it. */
  readonly stallMs: number;
  /** How long calls may go on after `stop()`. */
  readonly drainMs: number;
}

export const defaultGatewayOptions: Omit<GatewayOptions, 'port'> = {
  maxBodyBytes: gatewayLimits.bodyBytes,
  maxBodiesBytes: gatewayLimits.bodiesBytes,
  maxConnections: gatewayLimits.connections,
  headersMs: gatewayLimits.headersMs,
  bodyMs: gatewayLimits.bodyMs,
  stallMs: gatewayLimits.stallMs,
  drainMs: gatewayLimits.drainMs,
};

/** Only this machine can reach it. */
const address = '127.0.0.1';

/** The guard's door for every tool that speaks HTTP: a server on loopback. Start it once. */
export class Gateway {
  readonly #ports: GatewayPorts;
  readonly #options: GatewayOptions;
  readonly #server: http.Server;
  readonly #running = new Map<AbortController, Promise<void>>();
  readonly #sockets = new Set<Socket>();
  readonly #turns = new Turns();
  readonly #bodies: ByteBudget;
  #stopping: Promise<void> | undefined;

  constructor(ports: GatewayPorts, options: GatewayOptions) {
    this.#ports = ports;
    this.#options = options;
    this.#bodies = new ByteBudget(options.maxBodiesBytes);
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
      this.#turns.take(request.socket, response, () => {
        this.#handle(request, response);
      });
    };
    // Nobody listens to 'upgrade': such a request is one like others, and is refused by its head.
    this.#server.on('request', handle).on('checkContinue', handle);
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      this.#turns.add(socket);
      closeWhenStalled(socket, ports.clock, options.stallMs);
    });
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

  /** Takes nothing new, lets what runs go on for a while, then aborts it. Resolves whatever clients and calls do. */
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
    const settled = new AbortController();
    void Promise.all(this.#running.values()).finally(() => {
      settled.abort();
    });
    await sleep(this.#ports.clock, this.#options.drainMs, settled.signal);
    for (const abort of this.#running.keys()) abort.abort();
    await sleep(this.#ports.clock, gatewayLimits.settleMs, settled.signal);
    for (const socket of this.#sockets) socket.destroy();
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
    const served = serve(request, response, {
      ports: this.#ports,
      limits: this.#options,
      bodies: this.#bodies,
      signal,
    })
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

function problemOf(error: Error, port: number): StartProblem {
  const isInUse = 'code' in error && error.code === 'EADDRINUSE';
  return isInUse ? { kind: 'portInUse', port } : { kind: 'cannotListen', port, reason: error.message };
}
