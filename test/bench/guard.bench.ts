import assert from 'node:assert/strict';
import type { Bench, Contender } from './bench.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { callOf, hear, noCredentials, resolvedTarget } from '../support/guard-fixture.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';
import { guardOver, instantSender } from './instant.ts';
import { loadPeer } from './peers.ts';

/** What is used of the peers; they have no types here, as they are no dependency. */
interface Cockatiel {
  readonly handleAll: unknown;
  retry(policy: unknown, options: { maxAttempts: number; backoff: unknown }): unknown;
  circuitBreaker(policy: unknown, options: { halfOpenAfter: number; breaker: unknown }): unknown;
  timeout(ms: number, strategy: string): unknown;
  wrap(...policies: unknown[]): {
    execute(run: (context: { signal: AbortSignal }) => Promise<unknown>): Promise<unknown>;
  };
  readonly ExponentialBackoff: new () => unknown;
  readonly ConsecutiveBreaker: new (failures: number) => unknown;
}

type Opossum = new (
  run: () => Promise<unknown>,
  options: { timeout: number; errorThresholdPercentage: number; resetTimeout: number },
) => { fire(): Promise<unknown> };

/** The same exchange as the guard's sender makes, without a guard. */
async function exchange(signal: AbortSignal): Promise<void> {
  const { targets, prompt } = callOf();
  const sent = instantSender.send({
    resolved: resolvedTarget(targets[0]),
    prompt,
    credentials: noCredentials,
    idempotent: true,
    signal,
    progress: () => undefined,
  });
  let next = await sent.next();
  while (next.done !== true) next = await sent.next();
  assert.equal(next.value.outcome.kind, 'complete');
}

async function cockatiel(): Promise<Contender> {
  const peer = (await loadPeer('cockatiel')) as Cockatiel;
  const policy = peer.wrap(
    peer.retry(peer.handleAll, { maxAttempts: 2, backoff: new peer.ExponentialBackoff() }),
    peer.circuitBreaker(peer.handleAll, { halfOpenAfter: 60_000, breaker: new peer.ConsecutiveBreaker(5) }),
    peer.timeout(30_000, 'cooperative'),
  );
  return { name: 'cockatiel', once: () => policy.execute(({ signal }) => exchange(signal)) };
}

async function opossum(): Promise<Contender> {
  const CircuitBreaker = (await loadPeer('opossum')) as Opossum;
  const { signal } = new AbortController();
  const options = { timeout: 30_000, errorThresholdPercentage: 50, resetTimeout: 60_000 };
  const breaker = new CircuitBreaker(() => exchange(signal), options);
  return { name: 'opossum', once: () => breaker.fire() };
}

export const benches: Bench[] = [
  {
    name: 'guard.run, ledger in memory',
    unit: 'µs',
    goal: { atMost: 3, timesPeer: 'cockatiel' },
    prepare: async () => {
      const ledger = new MemoryLedger(systemClock);
      ledger.keepsUsage = false;
      const guard = guardOver(ledger);
      const ours = { name: 'callguard', once: () => hear(guard.run(callOf())) };
      return { ours, peers: [await cockatiel(), await opossum()] };
    },
  },
];
