import { randomBytes } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BoundKey } from '../../shared/bound-key.ts';
import type { Disposable } from '../../shared/disposable.ts';
import { Secret } from '../../shared/secret.ts';
import type { SandboxPace } from './sandbox-answer.ts';
import type { SandboxBehaviour } from '../config/provider-entry.ts';

/** The address of the sandbox with one of its behaviours, and the key that it generated for this start. */
export interface SandboxEndpoint {
  readonly baseUrl: string;
  readonly key: BoundKey;
}

/** A provider on loopback that needs no key and no network, to try the guard. */
export interface Sandbox extends Disposable {
  /** Starts the sandbox if it is not running. Rejects if it cannot listen or was disposed. */
  endpoint(behaviour: SandboxBehaviour): Promise<SandboxEndpoint>;
}

export interface SandboxOptions extends SandboxPace {
  /** The sandbox stops after this time without a request, in milliseconds. */
  readonly idleMs: number;
}

const defaultSandboxOptions: SandboxOptions = { wordMs: 25, slowMs: 1_000, idleMs: 300_000 };

interface Running {
  readonly server: http.Server;
  /** Bound to the origin where the server listens. */
  readonly key: BoundKey;
}

/** A sandbox that is not running yet. It does not keep the process alive. */
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
      // It failed to start, which the caller of `endpoint` has seen.
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
    const { serve } = await import('./sandbox-server.ts');
    const token = randomBytes(32).toString('base64url');
    const server = http.createServer((request, response) => {
      underWay += 1;
      response.once('close', () => {
        underWay -= 1;
        stopWhenIdle();
      });
      serve(request, response, token, options).catch(() => {
        // The client has disconnected or the answer could not be written, so nobody can receive an error.
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
    const { port } = server.address() as AddressInfo;
    return { server, key: { secret: new Secret(token), origin: `http://127.0.0.1:${port}` } };
  };

  return {
    endpoint: async (behaviour) => {
      if (disposed) throw new Error('the sandbox was disposed');
      const starting = (running ??= start());
      stopWhenIdle();
      try {
        const { key } = await starting;
        return { baseUrl: `${key.origin}/${behaviour}/v1`, key };
      } catch (error) {
        // The next call tries again.
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
