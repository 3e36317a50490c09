import assert from 'node:assert/strict';
import path from 'node:path';
import fc from 'fast-check';
import type { Cap, CapKind } from '../../../src/guard/caps.ts';
import type { Admission, Ledger } from '../../../src/guard/ledger-port.ts';
import type { Moment } from '../../../src/ledger/readers.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { folder, letGo, noonMs, openWindow, totals } from './ledger-fixture.ts';
import { capOf, request, used } from './ledger-requests.ts';

const holdMs = 600_000;
const inputTokens = 10;

type Event =
  | { kind: 'admit'; window: number; provider: string; tenant: string; maxOutputTokens: number }
  | { kind: 'settle' | 'renew'; call: number; outputTokens: number }
  | { kind: 'restart' | 'addToSums'; window: number }
  | { kind: 'pass' | 'sleep' | 'setBack'; ms: number };

/** A call as the reference knows it. The reference keeps all calls and counts them all each time. */
interface KnownCall {
  readonly window: number;
  readonly admission: Admission;
  readonly day: string;
  readonly admittedMs: number;
  readonly provider: string;
  readonly tenant: string;
  readonly heldTokens: number;
  expiresMs: number;
  state: 'open' | 'cleared' | 'settled';
  settledBy: Ledger | undefined;
  usedTokens: number;
}

const caps: readonly Cap[] = [
  capOf('requestsPerDay', 12),
  capOf('requestsPerDay', 7, { provider: 'acme' }),
  capOf('tokensPerDay', 400, { tenant: 'work' }),
  capOf('requestsPerMinute', 5),
  capOf('tokensPerMinute', 250, { tenant: 'home', provider: 'beta' }),
  capOf('callsAtOnce', 4),
];

const windows = 3;
const index = fc.nat(windows - 1);
const call = fc.nat(30);
const outputTokens = fc.nat(120);
const weighted = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('admit' as const),
      window: index,
      provider: fc.constantFrom('acme', 'beta'),
      tenant: fc.constantFrom('work', 'home'),
      maxOutputTokens: fc.integer({ min: 1, max: 90 }),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('settle' as const), call, outputTokens }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('renew' as const), call, outputTokens }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), window: index }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('addToSums' as const), window: index }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(5_000) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('sleep' as const), ms: fc.nat(400_000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('sleep' as const), ms: fc.nat(90_000_000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('setBack' as const), ms: fc.nat(90_000_000) }) },
);

/** The ledger admits, refuses and counts as a list of all calls does. */
export async function capsAgreeWithReference(numRuns: number, seed?: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(weighted, { maxLength: 60, size: 'max' }), async (events) => {
      try {
        await replay(events);
      } finally {
        letGo();
      }
    }),
    { numRuns, ...(seed === undefined ? {} : { seed }) },
  );
}

async function replay(events: readonly Event[]): Promise<void> {
  const file = path.join(folder(), 'ledger.db');
  const clock = new FakeClock(noonMs);
  const open = await Promise.all(Array.from({ length: windows }, () => openWindow(file, clock)));
  const at = (n: number) => open[n % windows] ?? assert.fail();
  const calls: KnownCall[] = [];
  let latest: Moment = { nowMs: 0, day: '' };
  /** The ledger's time. The reference only requires that it never goes back. */
  const timeOf = (n: number): Moment => {
    const moment = at(n).store.now();
    assert.ok(moment.nowMs >= clock.nowMs(), 'time is behind the wall clock');
    assert.ok(moment.nowMs > latest.nowMs - 1_000 && moment.day >= latest.day, 'time went back');
    return moment;
  };
  for (const event of events) {
    switch (event.kind) {
      case 'admit': {
        const now = timeOf(event.window);
        latest = now;
        clearExpired(calls, now.nowMs);
        const heldTokens = inputTokens + event.maxOutputTokens;
        const target = { provider: event.provider, model: 'small' };
        const applying = caps.filter(({ scope }) => covers(scope, { ...target, tenant: event.tenant }));
        const expected = applying.find((cap) => {
          const { used, held } = useOf(cap, calls, now);
          return used + held + (isTokens(cap.kind) ? heldTokens : 1) > cap.limit;
        });
        const demand = { ...request().demand, inputTokens, maxOutputTokens: event.maxOutputTokens };
        const asked = request({ target, tenant: event.tenant, caps: applying, demand });
        const answer = await at(event.window).ledger.admit(asked);
        if (expected !== undefined) {
          assert.ok(!answer.ok && answer.error.kind === 'cap', 'a call over a cap got in');
          const { used, held } = answer.error;
          assert.deepEqual(
            { cap: answer.error.cap, used, held },
            { cap: expected, ...useOf(expected, calls, now) },
          );
          break;
        }
        assert.ok(answer.ok, 'a call under every cap was refused');
        calls.push({
          ...{ window: event.window, admission: answer.value, day: now.day, admittedMs: now.nowMs },
          ...{ provider: event.provider, tenant: event.tenant, heldTokens, expiresMs: now.nowMs + holdMs },
          ...{ state: 'open', settledBy: undefined, usedTokens: 0 },
        });
        break;
      }
      case 'renew': {
        const chosen = calls[event.call];
        if (chosen?.state !== 'open') break;
        const { nowMs } = timeOf(chosen.window);
        await at(chosen.window).ledger.renew(chosen.admission);
        chosen.expiresMs = nowMs + holdMs;
        break;
      }
      case 'settle': {
        const chosen = calls[event.call];
        if (chosen === undefined) break;
        const { ledger } = at(chosen.window);
        // A window that restarted has no earlier calls, so it cannot settle one twice.
        if (chosen.settledBy !== undefined && chosen.settledBy !== ledger) break;
        const settle = ledger.settle(chosen.admission, {
          usage: used({ inputTokens, outputTokens: event.outputTokens, cachedInputTokens: 0 }),
          outcome: { kind: 'aborted' },
          breakerVerdict: 'none',
        });
        if (chosen.state === 'settled') await assert.rejects(settle);
        else await settle;
        if (chosen.state !== 'settled') chosen.usedTokens = inputTokens + event.outputTokens;
        chosen.state = 'settled';
        chosen.settledBy = ledger;
        break;
      }
      case 'restart': {
        at(event.window).dispose();
        open[event.window] = await openWindow(file, clock);
        break;
      }
      case 'addToSums': {
        const { tables, transactions } = at(event.window);
        await transactions.write(({ nowMs }) => {
          tables.settledCalls.addToSums(nowMs);
        });
        break;
      }
      case 'pass':
        await clock.advance(event.ms);
        break;
      case 'sleep':
        clock.sleepMachine(event.ms);
        break;
      case 'setBack':
        clock.setWall(clock.nowMs() - event.ms);
        break;
    }
    compareTotals(calls, totals(at(0)));
  }
}

function clearExpired(calls: KnownCall[], nowMs: number): void {
  for (const known of calls) {
    if (known.state !== 'open' || known.expiresMs > nowMs) continue;
    known.state = 'cleared';
    known.usedTokens = inputTokens;
  }
}

function covers(scope: Cap['scope'], of: { provider: string; model: string; tenant: string }): boolean {
  return (
    (scope.provider ?? of.provider) === of.provider &&
    (scope.model ?? of.model) === of.model &&
    (scope.tenant ?? of.tenant) === of.tenant
  );
}

function isTokens(kind: CapKind): boolean {
  return kind === 'tokensPerDay' || kind === 'tokensPerMinute';
}

function useOf(cap: Cap, calls: readonly KnownCall[], now: Moment): { used: number; held: number } {
  const mine = calls.filter((known) => covers(cap.scope, { ...known, model: 'small' }));
  const open = mine.filter(({ state }) => state === 'open');
  if (cap.kind === 'callsAtOnce') return { used: 0, held: open.length };
  const perMinute = cap.kind === 'requestsPerMinute' || cap.kind === 'tokensPerMinute';
  const counted = mine.filter(({ day, admittedMs }) =>
    perMinute ? admittedMs > now.nowMs - 60_000 : day === now.day,
  );
  const sum = (some: readonly KnownCall[], tokens: (known: KnownCall) => number) =>
    some.reduce((total, known) => total + (isTokens(cap.kind) ? tokens(known) : 1), 0);
  const used = sum(
    counted.filter(({ state }) => state !== 'open'),
    ({ usedTokens }) => usedTokens,
  );
  const held = sum(
    counted.filter(({ state }) => state === 'open'),
    ({ heldTokens }) => heldTokens,
  );
  return perMinute ? { used: used + held, held: 0 } : { used, held };
}

function compareTotals(calls: readonly KnownCall[], shown: ReturnType<typeof totals>): void {
  const open = calls.filter(({ state }) => state === 'open');
  const over = calls.filter(({ state }) => state !== 'open');
  assert.deepEqual(
    {
      requests: shown.requests,
      tokens: shown.inputTokens + shown.outputTokens,
      heldRequests: shown.heldRequests,
      heldTokens: shown.heldTokens,
      estimated: shown.estimated,
    },
    {
      requests: over.length,
      tokens: over.reduce((sum, { usedTokens }) => sum + usedTokens, 0),
      heldRequests: open.length,
      heldTokens: open.reduce((sum, { heldTokens }) => sum + heldTokens, 0),
      estimated: calls.filter(({ state }) => state === 'cleared').length,
    },
  );
}
