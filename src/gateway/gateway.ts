import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gateOf } from '../providers/stream/socket-gate.ts';
import { sleep } from '../shared/clock.ts';
import { bodyLimits, gatewayLimits } from '../shared/limits.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { stopping } from './http/gateway-error.ts';
import type { GatewayPorts } from './gateway-ports.ts';
import { ByteBudget } from './http/byte-budget.ts';
import { RequestBody, type BodyLimits } from './http/read-body.ts';
import { RateLimitWaits } from './refusals/rate-limit-waits.ts';
import { RepeatedRefusals } from './refusals/repeated-refusals.ts';
import type { GatewayMemory } from './requests/routed-request.ts';
import { Sessions } from './sessions.ts';
import { ResponseOwners } from './requests/response-owners.ts';
import { sendError, serve } from './http/serve.ts';
import { closeWhenStalled } from './http/stalled-client.ts';
import { Turns } from './http/turns.ts';
import { startProblemOf, type StartProblem } from './start-problem.ts';

export interface GatewayOptions extends BodyLimits {
  /** 0 for any free port. */
  readonly port: number;
  readonly maxConnections: number;
  /** The limit for all bodies together. */
  readonly maxBodiesBytes: number;
  readonly headersMs: number;
  /** How long a client may read nothing while data waits for it. */
  readonly stallMs: number;
  /** How long calls may go on after `stop()`. */
  readonly drainMs: number;
}

export const defaultGatewayOptions: Omit<GatewayOptions, 'port'> = {
  maxBodyBytes: bodyLimits.bytes,
  maxBodiesBytes: bodyLimits.allBytes,
  maxConnections: gatewayLimits.connections,
  headersMs: gatewayLimits.headersMs,
  bodyMs: gatewayLimits.bodyMs,
  stallMs: gatewayLimits.stallMs,
  drainMs: gatewayLimits.drainMs,
};

/** Only programs on this machine can reach it. */
const address = '127.0.0.1';

/** The front door for tools that use HTTP: a server on loopback. Each instance starts once. */
export class Gateway {
  readonly #ports: GatewayPorts;
  readonly #options: GatewayOptions;
  readonly #server: http.Server;
  readonly #running = new Map<AbortController, Promise<void>>();
  readonly #sockets = new Set<Socket>();
  readonly #turns = new Turns();
  readonly #bodies: ByteBudget;
  readonly #memory: GatewayMemory;
  #stopping: Promise<void> | undefined;

  constructor(ports: GatewayPorts, options: GatewayOptions) {
    this.#ports = ports;
    this.#options = options;
    this.#bodies = new ByteBudget(options.maxBodiesBytes);
    this.#memory = {
      responses: new ResponseOwners(ports.clock),
      sessions: new Sessions(ports.clock, ports.onRunaway),
      waits: new RateLimitWaits(ports.clock),
      refusals: new RepeatedRefusals(ports.clock),
    };
    const { headersMs, bodyMs } = options;
    this.#server = http.createServer({
      headersTimeout: headersMs,
      // A fallback: the timer of the body comes first and can answer the client.
      requestTimeout: headersMs + bodyMs + 1_000,
      connectionsCheckingInterval: Math.min(500, headersMs / 2),
      // `checkHead` checks it and answers with 403.
      requireHostHeader: false,
    });
    this.#server.maxConnections = options.maxConnections;
    const handle = (request: IncomingMessage, response: ServerResponse) => {
      const incoming = new RequestBody(request, response);
      this.#turns.take(request.socket, response, () => {
        this.#handle(request, response, incoming);
      });
    };
    // Without a listener for 'upgrade', such a request arrives like any other, and `checkHead` refuses it.
    this.#server.on('request', handle).on('checkContinue', handle).on('checkExpectation', handle);
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      gateOf(socket);
      // Without a listener, Node.js's parser reads by itself, and no gate can hold it back.
      socket.on('data', () => undefined);
      socket.once('close', () => this.#sockets.delete(socket));
      closeWhenStalled(socket, ports.clock, options.stallMs);
    });
  }

  /** Listens on 127.0.0.1. Returns a problem if another program uses the port; the port is never shared. */
  start(): Promise<Result<{ readonly port: number }, StartProblem>> {
    const { port } = this.#options;
    return new Promise((resolve) => {
      this.#server.once('error', (error) => {
        resolve(err(startProblemOf(error, port)));
      });
      this.#server.listen({ host: address, port, exclusive: true }, () => {
        this.#server.removeAllListeners('error').on('error', this.#ports.onTrouble);
        resolve(ok({ port: (this.#server.address() as AddressInfo).port }));
      });
    });
  }

  /** Takes no new calls, lets running calls continue for a while, then aborts them. Resolves in any case. */
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

  #handle(request: IncomingMessage, response: ServerResponse, incoming: RequestBody): void {
    if (this.#stopping !== undefined) {
      response.setHeader('connection', 'close');
      sendError(request, response, stopping);
      return;
    }
    const abort = new AbortController();
    response
      .once('close', () => {
        // An abort is expensive, and after the last byte there is nothing to abort.
        if (!response.writableFinished) abort.abort();
      })
      // Ignore write errors after a disconnect; the abort signal already reports it.
      .on('error', () => undefined);
    const { signal } = abort;
    const served = serve(request, response, {
      ports: this.#ports,
      limits: this.#options,
      incoming,
      bodies: this.#bodies,
      memory: this.#memory,
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
