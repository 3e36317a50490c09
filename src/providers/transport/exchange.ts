import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { codeOf } from './error-code.ts';
import { OpeningSockets } from './opening-sockets.ts';

export interface ExchangeRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: http.OutgoingHttpHeaders;
  readonly body: string | Uint8Array | undefined;
  /** False: any certificate will do. */
  readonly strictTls: boolean;
}

/** One request on its way, and its answer. */
export interface Exchange {
  /** Rejects with the socket's error if no answer begins. */
  readonly response: Promise<http.IncomingMessage>;
  /** Whether it still waits for a name to be resolved. */
  readonly resolving: boolean;
  /** Closes the socket at once, also while it is still connecting. */
  destroy(): void;
}

/** What a server does to a kept socket just when it is used again. */
const staleCodes = new Set(['ECONNRESET', 'EPIPE']);

/**
 * How often a request goes out again because the kept socket it was given turned out to be dead. Each time takes
 * one dead socket out of the pool, so the next is a fresh one unless many were idle.
 */
const maxRepeats = 3;

/**
 * Sends a request and tells when its connection stands: `connect`, or `secureConnect` under TLS, a proxy's
 * CONNECT included; at once on a kept socket, so twice if that turns out to be dead. Follows no redirect. Throws,
 * before anything is sent, for a request that cannot be written (a header with a line break, a protocol that is
 * not HTTP).
 *
 * A kept socket that dies before the first byte of an answer is the classic race with a server that closes idle
 * connections. Nothing was answered, so the request is sent again here, unless it must not act twice (RFC 9112, 9.3.1):
 * the server may have read it all the same.
 */
export function openExchange(
  request: ExchangeRequest,
  idempotent: boolean,
  onConnected: () => void,
): Exchange {
  let current: http.ClientRequest | undefined;
  let destroyed = false;
  const tell = () => {
    if (!destroyed) onConnected();
  };
  const opening = new OpeningSockets();
  const { promise: response, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
  const send = (repeats: number) => {
    // VS Code patches these two functions in place for its proxy and certificate settings, so they are looked up
    // at each call, and no agent is given: with one, its setting `http.proxySupport: on` would step aside.
    const { request: start } = request.url.protocol === 'https:' ? https : http;
    const { method, headers, strictTls } = request;
    // Left out where it says nothing new, as an agent of VS Code's has rules of its own.
    const trust = strictTls ? {} : { rejectUnauthorized: false };
    const sent = start(request.url, { method, headers, ...trust });
    current = sent;
    let bytesBefore = 0;
    sent.once('socket', (socket) => {
      opening.dispose();
      bytesBefore = socket.bytesRead;
      if (destroyed) sent.destroy();
      else whenConnected(socket, sent.reusedSocket, tell);
    });
    sent.once('response', resolve);
    // After the response has begun the same trouble also reaches its body, where it is dealt with.
    sent.on('error', (error) => {
      opening.dispose();
      const unanswered = (sent.socket?.bytesRead ?? 0) === bytesBefore;
      const stale = sent.reusedSocket && unanswered && staleCodes.has(codeOf(error) ?? '');
      if (stale && idempotent && !destroyed && repeats < maxRepeats) openFor(repeats + 1);
      else reject(error);
    });
    sent.end(request.body);
  };
  const openFor = (repeats: number) => {
    opening.run(() => {
      send(repeats);
    });
  };
  openFor(0);

  return {
    response,
    get resolving() {
      return opening.resolving;
    },
    destroy: () => {
      destroyed = true;
      // Destroyed before it has its socket, a request would hand that on to the agent, which would keep it.
      if (current?.socket) current.destroy();
      else opening.destroy();
    },
  };
}

function whenConnected(socket: Socket, reused: boolean, tell: () => void): void {
  const secure = socket instanceof TLSSocket;
  // A proxy's agent may hand over a socket that is ready. TLS is once it has said its 'Finished'.
  const ready = reused || (secure ? socket.getFinished() !== undefined : !socket.connecting);
  if (ready) tell();
  else socket.once(secure ? 'secureConnect' : 'connect', tell);
}
