import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { defaultCircuitOptions } from '../../../src/guard/breaker.ts';
import type { Guard } from '../../../src/guard/guard.ts';
import { defaultTimeouts } from '../../../src/guard/deadlines.ts';
import { defaultRetryOptions } from '../../../src/guard/retry.ts';
import type { ProviderState } from '../../../src/ledger/readers.ts';
import { createSender } from '../../../src/providers/transport/sender.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { systemRandom } from '../../../src/shared/random.ts';
import { startFaultUpstream, type Behaviour, type FaultUpstream } from '../../support/fault-upstream.ts';
import { freePort } from '../../support/free-port.ts';
import { callOf, guardWith, type TargetRules } from '../../support/guard-fixture.ts';
import { emptyResolver, silenceResolver } from '../../support/resolver.ts';
import { compatible, senderOptions } from '../../support/sender.ts';
import { folder, openWindow, type Window } from '../ledger/ledger-fixture.ts';

/** Where a provider's base URL leads. */
export type Place = 'upstream' | 'nowhere' | 'no name' | 'silent resolver' | 'untrusted TLS' | 'mute TLS';

export interface WorldOptions {
  readonly place?: Place;
  readonly isOnline?: boolean;
  readonly rules?: Partial<TargetRules>;
}

/** The whole guard: real ledger, sender, wire and clock, and a provider `acme` that does what it is told. */
export interface World {
  readonly guard: Guard;
  readonly window: Window;
  readonly upstream: FaultUpstream;
  readonly trouble: readonly unknown[];
  state(): ProviderState;
  close(): Promise<void>;
}

/** A breaker that only counts, and retries that hardly wait. */
export const patient: Partial<TargetRules> = {
  circuit: { ...defaultCircuitOptions, failures: 1_000_000 },
  retry: { ...defaultRetryOptions, baseMs: 10, capMs: 20, budgetFloor: 1_000_000 },
};

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const window = await openWindow(path.join(folder(), 'ledger.db'), systemClock);
  const upstream = await startFaultUpstream({ tls: options.place === 'untrusted TLS' });
  const { baseUrl, close } = await baseUrlOf(options.place ?? 'upstream', upstream);
  const isOnline = () => Promise.resolve(options.isOnline ?? true);
  const rules = { ...patient, timeouts: defaultTimeouts, ...options.rules };
  const config = compatible(baseUrl);
  const { guard, trouble } = guardWith(
    [],
    // Each model under a set-up of its own, so that what one is told of holds no other back.
    ({ model }) => ({ ...rules, configFingerprint: model }),
    {
      sender: createSender({ ...senderOptions(config), isOnline }),
      ledger: window.ledger,
      clock: systemClock,
      random: systemRandom,
    },
    config,
  );
  return {
    guard,
    window,
    upstream,
    trouble,
    state: () => window.store.providers.get('acme'),
    close: async () => {
      await upstream.close();
      await close();
    },
  };
}

async function baseUrlOf(place: Place, upstream: FaultUpstream) {
  const nothing = () => Promise.resolve();
  switch (place) {
    case 'upstream':
    case 'untrusted TLS':
      return { baseUrl: upstream.baseUrl, close: nothing };
    case 'no name':
    case 'silent resolver': {
      const letResolve = place === 'no name' ? emptyResolver() : silenceResolver();
      const close = () => {
        letResolve();
        return nothing();
      };
      return { baseUrl: 'http://callguard-test.invalid/v1', close };
    }
    case 'nowhere':
      return { baseUrl: `http://127.0.0.1:${await freePort()}/v1`, close: nothing };
    case 'mute TLS': {
      const server = net.createServer((socket) => socket.resume());
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      // Resolves only once every socket is closed.
      const close = () =>
        new Promise<void>((resolve) =>
          server.close(() => {
            resolve();
          }),
        );
      return { baseUrl: `https://127.0.0.1:${port}/v1`, close };
    }
  }
}

/** A call to a model of its own, by which the upstream and the ledger know it. */
export function callTo(model: string, signal = new AbortController().signal) {
  return callOf({ id: `call to ${model}`, targets: [{ provider: 'acme', model }], signal });
}

/** For each model by itself: the behaviours of its requests in order; the last one holds for all that follow. */
export function inTurn(...script: [Behaviour, ...Behaviour[]]): Behaviour {
  const counts = new Map<string, number>();
  return (exchange) => {
    const { model } = JSON.parse(exchange.request.body) as { model: string };
    const count = counts.get(model) ?? 0;
    counts.set(model, count + 1);
    return script[Math.min(count, script.length - 1)]?.(exchange);
  };
}
