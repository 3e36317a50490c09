import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { gateOf } from '../stream/socket-gate.ts';
import { answerLimits } from '../../shared/limits.ts';
import { codeOf } from './error-code.ts';
import { OpeningSockets } from './opening-sockets.ts';

export interface ExchangeRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: http.OutgoingHttpHeaders;
  readonly body: string | Uint8Array | undefined;
  /** False accepts any certificate. */
  readonly strictTls: boolean;
}

/** One request in progress, and its answer. */
export interface Exchange {
  /** Rejects with the socket's error if no answer begins. */
  readonly response: Promise<http.IncomingMessage>;
  /** Whether it still waits for a name lookup. */
  readonly resolving: boolean;
  /** Closes the socket at once, even while it is connecting. */
  destroy(): void;
}

/** The error codes of a kept socket that the server closed just before it was used again. */
const staleCodes = new Set(['ECONNRESET', 'EPIPE']);

/**
 * Sends a request. Calls `onConnected` on the socket's `connect`, or on `secureConnect` with TLS, after a proxy's
 * CONNECT. A kept socket is connected at once, so a dead one leads to a second call. Calls `onSent` while a long body goes
 * out. Follows no redirect. Throws before anything is sent if the request cannot be written: a header with a line break, or
 * a protocol other than HTTP.
 *
 * A kept socket may die before the first byte of an answer, because the server closes idle connections. Then the
 * request is sent again, unless it must not act twice: the server may have read it (RFC 9112, 9.3.1).
 */
export function openExchange(
  request: ExchangeRequest,
  idempotent: boolean,
  onConnected: () => void,
  onSent: () => void,
): Exchange {
  let current: http.ClientRequest | undefined;
  let destroyed = false;
  const connected = () => {
    if (!destroyed) onConnected();
  };
  const opening = new OpeningSockets();
  const { promise: response, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
  const send = (repeats: number) => {
    // VS Code patches these two functions for its proxy and certificate settings, so they are looked up for each call.
    // There is no agent, because the setting `http.proxySupport: on` does not apply to requests with one.
    const { request: start } = request.url.protocol === 'https:' ? https : http;
    const { method, headers, strictTls } = request;
    // Only set if it differs from the default, because an agent of VS Code has rules of its own.
    const trust = strictTls ? {} : { rejectUnauthorized: false };
    const sent = start(request.url, { method, headers, ...trust });
    current = sent;
    let bytesBefore = 0;
    sent.once('socket', (socket) => {
      opening.dispose();
      gateOf(socket);
      bytesBefore = socket.bytesRead;
      if (destroyed) sent.destroy();
      else whenConnected(socket, sent.reusedSocket, connected);
    });
    sent.once('response', (answer) => {
      // Until somebody reads it.
      gateOf(answer.socket).hold('message');
      resolve(answer);
    });
    let interimAnswers = 0;
    sent.on('information', () => {
      interimAnswers += 1;
      if (interimAnswers > answerLimits.interimAnswers) sent.destroy(new TooManyInterimAnswersError());
    });
    // After the response has begun its body gets the same error and handles it.
    sent.on('error', (error) => {
      opening.dispose();
      const unanswered = (sent.socket?.bytesRead ?? 0) === bytesBefore;
      const stale = sent.reusedSocket && unanswered && staleCodes.has(codeOf(error) ?? '');
      if (stale && idempotent && !destroyed && repeats < answerLimits.deadSockets) openFor(repeats + 1);
      else reject(error);
    });
    sendBody(sent, request.body, onSent);
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
      // A request that is destroyed before it has a socket gives the socket to the agent, which keeps it open.
      if (current?.socket) current.destroy();
      else opening.destroy();
    },
  };
}

/** The server sends 1xx answers and never its answer. */
class TooManyInterimAnswersError extends Error {
  /** Like the codes of Node.js's parser: the server does not send valid HTTP. */
  readonly code = 'HPE_INTERIM_ANSWERS';
}

/**
 * Sends a body in pieces, because a TLS socket encrypts at once all that it gets, and keeps a copy. Calls `onSent` after
 * each piece of a long body.
 */
function sendBody(sent: http.ClientRequest, body: string | Uint8Array | undefined, onSent: () => void): void {
  const { writeBytes } = answerLimits;
  if (body === undefined || body.length <= writeBytes) {
    sent.end(body);
    return;
  }
  sent.once('finish', onSent);
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  let at = 0;
  const go = () => {
    while (at < bytes.length && !sent.destroyed) {
      const piece = bytes.subarray(at, at + writeBytes);
      at += piece.length;
      if (!sent.write(piece)) {
        sent.once('drain', () => {
          onSent();
          go();
        });
        return;
      }
    }
    sent.end();
  };
  go();
}

function whenConnected(socket: Socket, reused: boolean, run: () => void): void {
  const secure = socket instanceof TLSSocket;
  // A proxy's agent may provide a socket that is ready. A TLS socket is ready once it has sent 'Finished'.
  const ready = reused || (secure ? socket.getFinished() !== undefined : !socket.connecting);
  if (ready) run();
  else socket.once(secure ? 'secureConnect' : 'connect', run);
}
