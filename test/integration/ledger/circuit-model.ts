import assert from 'node:assert/strict';
import path from 'node:path';
import fc from 'fast-check';
import type { Admission } from '../../../src/guard/ledger-port.ts';
import type { BreakerVerdict } from '../../../src/guard/outcome.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { folder, letGo, noonMs, openWindow } from './ledger-fixture.ts';
import { request, used } from './ledger-requests.ts';

const options = { failures: 3, cooldownMs: 60_000, maxCooldownMs: 200_000, leaseMs: 300_000 };
const windows = 3;

type Event =
  | { kind: 'admit'; window: number }
  | { kind: 'report'; call: number; verdict: BreakerVerdict }
  | { kind: 'restart'; window: number }
  | { kind: 'pass' | 'sleep' | 'setBack'; ms: number };

/** The specification without generations: each change of state makes the results of all earlier calls late. */
class ReferenceCircuit {
  state: 'closed' | 'open' | 'probing' = 'closed';
  failuresInARow = 0;
  openUntilMs = 0;
  leaseEndsMs = 0;
  cooldownMs = options.cooldownMs;
  /** Calls whose result still counts. */
  counting = new Set<string>();

  /** Whether a call is admitted, and whether it is the probe. */
  ask(nowMs: number): 'refused' | 'probe' | 'call' {
    if (this.state === 'closed') return 'call';
    const free = this.state === 'open' ? nowMs >= this.openUntilMs : nowMs >= this.leaseEndsMs;
    if (!free) return 'refused';
    this.counting.clear();
    this.state = 'probing';
    this.leaseEndsMs = nowMs + options.leaseMs;
    return 'probe';
  }

  hear(call: string, verdict: BreakerVerdict, nowMs: number): void {
    if (!this.counting.has(call)) return;
    this.counting.delete(call);
    if (this.state === 'probing') this.#probed(verdict, nowMs);
    else if (verdict === 'success') this.failuresInARow = 0;
    else if (verdict === 'failure' && ++this.failuresInARow === options.failures) {
      this.cooldownMs = options.cooldownMs;
      this.#open(nowMs + this.cooldownMs);
    }
  }

  #probed(verdict: BreakerVerdict, nowMs: number): void {
    if (verdict === 'failure') {
      this.cooldownMs = Math.min(2 * this.cooldownMs, options.maxCooldownMs);
      this.#open(nowMs + this.cooldownMs);
    } else if (verdict === 'none') this.#open(nowMs);
    else {
      this.state = 'closed';
      this.failuresInARow = 0;
      this.counting.clear();
    }
  }

  #open(untilMs: number): void {
    this.state = 'open';
    this.openUntilMs = untilMs;
    this.counting.clear();
  }
}

const window = fc.nat(windows - 1);
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('admit' as const), window }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('report' as const),
      call: fc.nat(8),
      verdict: fc.constantFrom<BreakerVerdict[]>(
        'failure',
        'failure',
        'failure',
        'failure',
        'failure',
        'success',
        'answered',
        'none',
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), window }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(5_000) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('sleep' as const), ms: fc.nat(130_000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('sleep' as const), ms: fc.nat(700_000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('setBack' as const), ms: fc.nat(700_000) }) },
);

/** The shared breaker admits and refuses as the reference does, in every window. */
export async function circuitAgreesWithReference(numRuns: number, seed?: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 80, size: 'max' }), async (events) => {
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
  const at = (n: number) => open[n] ?? assert.fail();
  const reference = new ReferenceCircuit();
  const underWay: { admission: Admission; window: number }[] = [];
  for (const event of events) {
    switch (event.kind) {
      case 'admit': {
        const { nowMs } = at(event.window).store.now();
        const expected = reference.ask(nowMs);
        const answer = await at(event.window).ledger.admit(request({ circuit: options }));
        if (!answer.ok) assert.deepEqual([expected, answer.error.kind], ['refused', 'circuit']);
        else {
          assert.equal(answer.value.pass.probe ? 'probe' : 'call', expected);
          reference.counting.add(answer.value.holdId);
          underWay.push({ admission: answer.value, window: event.window });
        }
        break;
      }
      case 'report': {
        // The results of the latest calls matter most. Those of early calls come late.
        const [known] = underWay.splice(Math.max(0, underWay.length - 1 - event.call), 1);
        if (known === undefined) break;
        const { nowMs } = at(known.window).store.now();
        reference.hear(known.admission.holdId, event.verdict, nowMs);
        const settlement = {
          usage: used(),
          outcome: { kind: 'aborted' },
          breakerVerdict: event.verdict,
        } as const;
        await at(known.window).ledger.settle(known.admission, settlement);
        break;
      }
      case 'restart':
        at(event.window).dispose();
        open[event.window] = await openWindow(file, clock);
        break;
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
  }
}
