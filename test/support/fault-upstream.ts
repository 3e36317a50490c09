import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { certificate, privateKey } from './tls/self-signed-for-tests-only.ts';

/** What the upstream saw of one request. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  /** When it had come, in `performance.now()`. */
  readonly atMs: number;
  readonly socket: Socket;
  /** Resolves, with `performance.now()`, when the request's socket is closed. */
  readonly closed: Promise<number>;
}

export interface Exchange {
  readonly request: SeenRequest;
  readonly response: http.ServerResponse;
}

/** What the upstream does with one request. */
export type Behaviour = (exchange: Exchange) => void | Promise<void>;

export interface FaultUpstream {
  /** `http://127.0.0.1:port`, without a slash at the end. */
  readonly origin: string;
  /** The base URL of an OpenAI-compatible provider. */
  readonly baseUrl: string;
  readonly seen: readonly SeenRequest[];
  /** Sockets that are open now. */
  readonly openSockets: number;
  /** Sockets that were ever accepted. */
  readonly acceptedSockets: number;
  /** The behaviours of the next requests, in order; the last one holds for all that follow. */
  script(...behaviours: [Behaviour, ...Behaviour[]]): void;
  /** Forgets what it has seen so far. */
  forget(): void;
  /** Resolves with the request number `index` (0 is the first) once it came. */
  request(index: number): Promise<SeenRequest>;
  /** Resolves when no socket is open any more. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** The certificate of a `tls` upstream, for a client that is to trust it. */
export const upstreamCertificate = certificate;

/** A real HTTP(S) server on loopback that answers by script, and badly where it is told to. */
export async function startFaultUpstream(options: { readonly tls?: boolean } = {}): Promise<FaultUpstream> {
  const seen: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  const watchers = new Set<() => void>();
  const closings = new WeakMap<Socket, Promise<number>>();
  const troubles: unknown[] = [];
  let behaviours: Behaviour[] = [answer()];
  let acceptedSockets = 0;
  const changed = () => {
    for (const watcher of [...watchers]) watcher();
  };
  const until = (holds: () => boolean) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (!holds()) return;
        watchers.delete(check);
        resolve();
      };
      watchers.add(check);
      check();
    });

  const serve = async (incoming: http.IncomingMessage, response: http.ServerResponse) => {
    const { socket } = incoming;
    // One listener a socket, however many requests it carries.
    const closed = closings.get(socket) ?? closingOf(socket);
    closings.set(socket, closed);
    let body = '';
    for await (const chunk of incoming.setEncoding('utf8')) body += String(chunk);
    const { method = '', url = '', headers } = incoming;
    const request = { method, url, headers, body, atMs: performance.now(), socket, closed };
    const behaviour = behaviours.length > 1 ? behaviours.shift() : behaviours[0];
    seen.push(request);
    changed();
    await behaviour?.({ request, response });
  };
  const listener = (incoming: http.IncomingMessage, response: http.ServerResponse) => {
    serve(incoming, response).catch((error: unknown) => troubles.push(error));
  };
  const server =
    options.tls === true
      ? https.createServer({ key: privateKey, cert: upstreamCertificate }, listener)
      : http.createServer(listener);
  server.keepAliveTimeout = 60_000;
  // The raw socket, also under TLS: one whose handshake never ends is open all the same.
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    acceptedSockets += 1;
    socket.once('close', () => {
      sockets.delete(socket);
      changed();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `${options.tls === true ? 'https' : 'http'}://127.0.0.1:${port}`;

  return {
    origin,
    baseUrl: `${origin}/v1`,
    seen,
    get openSockets() {
      return sockets.size;
    },
    get acceptedSockets() {
      return acceptedSockets;
    },
    script: (...next) => {
      behaviours = next;
    },
    forget: () => {
      seen.length = 0;
    },
    request: async (index) => {
      await until(() => seen.length > index);
      return seen[index] as SeenRequest;
    },
    idle: () => until(() => sockets.size === 0),
    close: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      });
      // A request that its client breaks off in mid-body ends here too, and is no trouble.
      const real = troubles.filter((error) => !(error instanceof Error && error.message === 'aborted'));
      if (real.length > 0) throw new AggregateError(real, 'the upstream itself failed');
    },
  };
}

function closingOf(socket: Socket): Promise<number> {
  return new Promise((resolve) => {
    socket.once('close', () => {
      resolve(performance.now());
    });
  });
}

/** The chunks of an openai-chat stream, each a complete server-sent event. */
export const chatEvents = {
  role: event({ choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] }),
  text: (content: string) => event({ choices: [{ index: 0, delta: { content } }] }),
  stop: event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
  callsTools: event({ choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] }),
  usage: (usage: unknown) => event({ choices: [], usage }),
  error: (error: unknown) => `data: ${JSON.stringify({ error })}\n\n`,
  ping: ': ping\n\n',
  done: 'data: [DONE]\n\n',
};

function event(fields: object): string {
  const common = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm' };
  return `data: ${JSON.stringify({ ...common, ...fields })}\n\n`;
}

/** The usage chunk that `answer()` sends. */
export const answeredUsage = {
  prompt_tokens: 11,
  completion_tokens: 3,
  total_tokens: 14,
  prompt_tokens_details: { cached_tokens: 4 },
};

/** Every event of a good answer: `Hello`, ` world`, usage and the end marker. */
export const goodAnswer: readonly string[] = [
  chatEvents.role,
  chatEvents.text('Hello'),
  chatEvents.text(' world'),
  chatEvents.stop,
  chatEvents.usage(answeredUsage),
  chatEvents.done,
];

/** Resolves when the bytes have left the process. */
export function write(response: http.ServerResponse, bytes: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    response.write(bytes, () => {
      resolve();
    });
  });
}

/** Headers of an event stream, then these events. The exchange stays open: the behaviour goes on from there. */
export async function begin({ response }: Exchange, events: readonly string[]): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  response.flushHeaders();
  for (const each of events) await write(response, each);
}

/** A streamed answer that ends as it should, or with other events in their place. */
export function answer(events: readonly string[] = goodAnswer): Behaviour {
  return async (exchange) => {
    await begin(exchange, events);
    exchange.response.end();
  };
}

/** Streams the events and then keeps silent, with the socket open. */
export function stall(events: readonly string[] = []): Behaviour {
  return (exchange) => begin(exchange, events);
}

/** Takes the request and never answers. */
export const silence: Behaviour = () => undefined;

/** A whole answer: status, headers, body. An object is sent as JSON. */
export function reply(
  status: number,
  body: string | object = '',
  headers: http.OutgoingHttpHeaders = {},
): Behaviour {
  return ({ response }) => {
    const isText = typeof body === 'string';
    response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json', ...headers });
    response.end(isText ? body : JSON.stringify(body));
  };
}

/** Resets the connection before any byte of an answer. */
export const resetAtOnce: Behaviour = ({ request }) => {
  request.socket.resetAndDestroy();
};

/** Closes its half of the connection, in good order, before any byte of an answer. */
export const hangUp: Behaviour = ({ request }) => {
  request.socket.end();
};

/** Streams the events, waits for `ready`, then breaks the connection: by a reset, or by closing it early. */
export function breakOff(
  events: readonly string[],
  how: 'reset' | 'close' = 'reset',
  ready: Promise<unknown> = Promise.resolve(),
): Behaviour {
  return async (exchange) => {
    await begin(exchange, events);
    await ready;
    if (how === 'reset') exchange.request.socket.resetAndDestroy();
    else exchange.request.socket.destroy();
  };
}

/** Streams the events one byte sequence of `bytes` at a time, `pauseMs` apart. */
export function drip(events: readonly string[], bytes: number, pauseMs: number): Behaviour {
  return async (exchange) => {
    await begin(exchange, []);
    const all = Buffer.from(events.join(''));
    for (let at = 0; at < all.length; at += bytes) {
      await write(exchange.response, all.subarray(at, at + bytes));
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    exchange.response.end();
  };
}
