import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Disposable } from '../shared/disposable.ts';
import { Secret } from '../shared/secret.ts';
import { parseJson } from './provider-message.ts';
import { answerChat, sandboxModel, sendError, sendJson, type SandboxPace } from './sandbox-answer.ts';
import { sandboxBehaviours, type SandboxBehaviour } from './settings.ts';

/** Where the sandbox listens, in one of its behaviours, and the key that it made up for this start. */
export interface SandboxEndpoint {
  readonly baseUrl: string;
  readonly key: Secret;
}

/** A provider on loopback that needs no key and no network, so that the guard can be tried. */
export interface Sandbox extends Disposable {
  /** Starts it if it does not run. Rejects if it cannot listen, or was disposed. */
  endpoint(behaviour: SandboxBehaviour): Promise<SandboxEndpoint>;
}

export interface SandboxOptions extends SandboxPace {
  /** It stops by itself after this time without a request, in milliseconds. */
  readonly idleMs: number;
}

export const defaultSandboxOptions: SandboxOptions = { wordMs: 25, slowMs: 1_000, idleMs: 300_000 };

const maxBodyBytes = 16 * 1024 * 1024;

interface Running {
  readonly server: http.Server;
  readonly port: number;
  readonly key: Secret;
}

/** A sandbox that is not running yet. It never keeps a process alive. */
export function createSandbox(options: SandboxOptions = defaultSandboxOptions): Sandbox {
  let running: Promise<Running> | undefined;
  let disposed = false;
  let idle: NodeJS.Timeout | undefined;
  let underWay = 0;

  const stop = () => {
    clearTimeout(idle);
    const stopping = running;
    running = undefined;
    void stopping?.then(
      ({ server }) => {
        server.close();
        server.closeAllConnections();
      },
      // It never ran; whoever asked for it was told.
      () => undefined,
    );
  };
  const stopWhenIdle = () => {
    clearTimeout(idle);
    idle = setTimeout(() => {
      if (underWay === 0) stop();
      else stopWhenIdle();
    }, options.idleMs).unref();
  };

  const start = async (): Promise<Running> => {
    const token = randomBytes(32).toString('base64url');
    const server = http.createServer((request, response) => {
      underWay += 1;
      response.once('close', () => {
        underWay -= 1;
        stopWhenIdle();
      });
      serve(request, response, token, options).catch(() => {
        // The client went away in mid-request, or the answer could not be written: nobody is left to tell.
        response.destroy();
      });
    });
    server.unref().on('connection', (socket) => {
      socket.unref();
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return { server, port: (server.address() as AddressInfo).port, key: new Secret(token) };
  };

  return {
    endpoint: async (behaviour) => {
      if (disposed) throw new Error('the sandbox was disposed');
      const starting = (running ??= start());
      stopWhenIdle();
      try {
        const { port, key } = await starting;
        return { baseUrl: `http://127.0.0.1:${port}/${behaviour}/v1`, key };
      } catch (error) {
        // The next call may have more luck.
        if (running === starting) running = undefined;
        throw error;
      }
    },
    dispose: () => {
      disposed = true;
      stop();
    },
  };
}

async function serve(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  token: string,
  pace: SandboxPace,
): Promise<void> {
  if (!isOurs(request, token)) {
    sendError(response, 403, 'forbidden', "Only Callguard's own requests are answered here.");
    return;
  }
  const [, behaviour = '', ...rest] = (request.url ?? '').split('/');
  const path = `/${rest.join('/')}`;
  if (request.method === 'GET' && path === '/v1/models') {
    sendJson(response, 200, { object: 'list', data: [{ id: sandboxModel, object: 'model' }] });
  } else if (request.method === 'POST' && path === '/v1/chat/completions' && isBehaviour(behaviour)) {
    const body = await readBody(request);
    if (body === undefined)
      sendError(response, 413, 'too_large', 'The request is too large for the sandbox.');
    else await answerChat(parseJson(body), behaviour, pace, response);
  } else {
    sendError(response, 404, 'not_found', 'The sandbox has no such endpoint.');
  }
}

function isBehaviour(text: string): text is SandboxBehaviour {
  return sandboxBehaviours.some((behaviour) => behaviour === text);
}

/**
 * A web page can reach a loopback port, by its address or by a name of its own that points there (DNS rebinding),
 * and so can any local program. None of them knows the key.
 */
function isOurs({ headers, socket }: http.IncomingMessage, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return (
    headers.host === `127.0.0.1:${socket.localPort ?? 0}` &&
    headers.origin === undefined &&
    timingSafeEqual(digest(headers.authorization ?? ''), digest(`Bearer ${token}`))
  );
}

async function readBody(request: http.IncomingMessage): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
