import assert from 'node:assert/strict';
import { once } from 'node:events';
import path from 'node:path';
import type { CircuitOptions } from '../../../src/guard/breaker.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import {
  admitted,
  folder,
  letGoAfterEach,
  noonMs,
  openWindow,
  refused,
  totals,
  type Window,
} from './ledger-fixture.ts';
import { capOf, completed, failed, recordOf, request, pauseFor } from './ledger-requests.ts';

const circuit: CircuitOptions = { failures: 2, cooldownMs: 60_000, maxCooldownMs: 600_000, leaseMs: 300_000 };

/** Two windows on one file and one clock. */
async function twoWindows(): Promise<[Window<FakeClock>, Window<FakeClock>]> {
  const file = path.join(folder(), 'ledger.db');
  const clock = new FakeClock(noonMs);
  return [await openWindow(file, clock), await openWindow(file, clock)];
}

async function fail(window: Window): Promise<void> {
  await window.ledger.settle(await admitted(window, { circuit }), failed());
}

describe('SqliteLedger in two windows', () => {
  letGoAfterEach();

  it('reports a disk that cannot be read once and notices changes when it can be read again', async () => {
    const file = path.join(folder(), 'ledger.db');
    const clock = new FakeClock(noonMs);
    const troubles: unknown[] = [];
    const one = await openWindow(file, clock, { onTrouble: (error) => troubles.push(error) });
    const two = await openWindow(file, clock);
    let changes = 0;
    one.store.onDidChange(() => (changes += 1));
    const readable = one.db.prepare.bind(one.db);
    one.db.prepare = () => {
      throw new Error('disk I/O error');
    };
    await admitted(two);
    await clock.advance(1_000);
    assert.deepEqual([troubles.length, changes], [1, 0]);
    one.db.prepare = readable;
    await clock.advance(1_000);
    assert.deepEqual([troubles.length, changes], [1, 1]);
  });

  it('adds up the calls of both windows against one cap', async () => {
    const [one, two] = await twoWindows();
    const caps = [capOf('requestsPerDay', 2)];
    await admitted(one, { caps });
    await admitted(two, { caps });
    assert.equal((await refused(one, { caps })).kind, 'cap');
    assert.equal((await refused(two, { caps })).kind, 'cap');
  });

  it('shows the same figures in both windows', async () => {
    const [one, two] = await twoWindows();
    await one.ledger.settle(await admitted(one), completed());
    await admitted(two);
    assert.deepEqual(totals(one), totals(two));
  });

  it('counts the failures of a provider in both windows together', async () => {
    const [one, two] = await twoWindows();
    await fail(one);
    await fail(two);
    const refusal = await refused(one, { circuit });
    assert.equal(refusal.kind === 'circuit' && refusal.state, 'open');
  });

  it('admits one probe for both windows, and all calls after it succeeded', async () => {
    const [one, two] = await twoWindows();
    await fail(one);
    await fail(one);
    one.clock.sleepMachine(60_000);
    const asked = [one, two, one, two].map((window) => window.ledger.admit(request({ circuit })));
    const answers = await Promise.all(asked);
    const probes = answers.flatMap((answer) => (answer.ok ? [answer.value] : []));
    const [probe] = probes;
    assert.ok(probe !== undefined && probes.length === 1);
    assert.equal(probe.pass.probe, true);
    await one.ledger.settle(probe, completed());
    assert.equal((await admitted(two, { circuit })).pass.probe, false);
  });

  it('frees the slot of a probe whose window died', async () => {
    const [one, two] = await twoWindows();
    await fail(one);
    await fail(one);
    one.clock.sleepMachine(60_000);
    await admitted(one, { circuit });
    two.clock.sleepMachine(circuit.leaseMs - 1);
    assert.equal((await refused(two, { circuit })).kind, 'circuit');
    two.clock.sleepMachine(1);
    assert.equal((await admitted(two, { circuit })).pass.probe, true);
  });

  it('keeps the slot of a long probe while its window renews it', async () => {
    const [one, two] = await twoWindows();
    await fail(one);
    await fail(one);
    one.clock.sleepMachine(60_000);
    const probe = await admitted(one, { circuit });
    one.clock.sleepMachine(circuit.leaseMs - 1);
    await one.ledger.renew(probe);
    one.clock.sleepMachine(1_000);
    assert.equal((await refused(two, { circuit })).kind, 'circuit');
  });

  it('does not renew the slot of a dead probe for a call that was admitted before it', async () => {
    const [one, two] = await twoWindows();
    const early = await admitted(two, { circuit });
    await fail(one);
    await fail(one);
    one.clock.sleepMachine(60_000);
    await admitted(one, { circuit });
    one.clock.sleepMachine(circuit.leaseMs - 1);
    await two.ledger.renew(early);
    one.clock.sleepMachine(1);
    assert.equal((await admitted(two, { circuit })).pass.probe, true);
  });

  it('does not shorten a rate-limit pause by a later, shorter one', async () => {
    const [one, two] = await twoWindows();
    const admissions = [await admitted(one), await admitted(two)] as const;
    await one.ledger.apply(admissions[0], pauseFor(60_000));
    await two.ledger.apply(admissions[1], pauseFor(10_000));
    const rest = await refused(one);
    assert.deepEqual(rest.kind === 'rest' && rest.retryAtMs, noonMs + 60_000);
  });

  it('keeps what the provider said about a rate-limit pause, for every window and in the audit trail', async () => {
    const [one, two] = await twoWindows();
    const admissions = [await admitted(one), await admitted(two)] as const;
    const said = { code: 'tokens_exceeded', requestId: 'req_1' };
    await one.ledger.apply(admissions[0], pauseFor(60_000, said));
    // Another call that was on its way belongs to the same pause.
    await two.ledger.apply(admissions[1], pauseFor(60_000, { code: 'other' }));
    assert.deepEqual(await refused(two), {
      ...{ kind: 'rest', provider: 'acme', model: 'small', retryAtMs: noonMs + 60_000 },
      ...said,
    });
    const rows = two.store.audit.latest('rateLimitPause', 9);
    assert.deepEqual(
      rows.map(({ kind, body }) => [kind, JSON.parse(body) as unknown]),
      [['rest', { provider: 'acme', model: 'small', ...said }]],
    );
    one.clock.sleepMachine(60_000);
    await one.ledger.apply(await admitted(one), pauseFor(10_000));
    const later = await refused(two);
    assert.deepEqual(later.kind === 'rest' && [later.code, later.requestId], [undefined, undefined]);
  });

  it('clears the marks of a rejected key and used-up credit after a success', async () => {
    const [one, two] = await twoWindows();
    const marks = () => {
      const { keyRejected, outOfCredit } = one.store.providers.get('acme');
      return [keyRejected, outOfCredit];
    };
    const later = await admitted(two);
    for (const kind of ['keyRejected', 'outOfCredit'] as const) {
      const admission = await admitted(one);
      const settlement = { ...failed(), breakerVerdict: 'answered', consequence: { kind } } as const;
      await one.ledger.settle(admission, settlement);
    }
    assert.deepEqual(marks(), ['set-up 1', 'set-up 1']);
    await two.ledger.settle(later, completed());
    assert.deepEqual(marks(), [undefined, undefined]);
  });

  it('shows at once when the provider last answered', async () => {
    const [one, two] = await twoWindows();
    const answers = async (): Promise<number> => {
      await one.ledger.settle(await admitted(one), completed());
      return (two.store.providers.lastOkMs('acme') ?? NaN) - noonMs;
    };
    assert.equal(await answers(), 0);
    one.clock.sleepMachine(999);
    assert.equal(await answers(), 999);
    one.clock.sleepMachine(1);
    assert.equal(await answers(), 1_000);
    one.clock.sleepMachine(1);
    await fail(one);
    assert.equal(await answers(), 1_001);
  });

  it('shares a rate-limit pause and the mark of used-up credit, which a new config fingerprint ends', async () => {
    const [one, two] = await twoWindows();
    const admission = await admitted(one);
    await one.ledger.apply(admission, pauseFor(20_000));
    const rest = await refused(two);
    assert.deepEqual(rest.kind === 'rest' && rest.retryAtMs, noonMs + 20_000);
    await admitted(two, { target: { provider: 'acme', model: 'big' } });
    await one.ledger.settle(admission, {
      ...failed({ kind: 'outOfCredit', status: 402, message: 'pay' }),
      breakerVerdict: 'answered',
      consequence: { kind: 'outOfCredit' },
    });
    one.clock.sleepMachine(20_000);
    assert.equal((await refused(two)).kind, 'outOfCredit');
    await admitted(two, { configFingerprint: 'another key' });
  });

  it('writes one audit row for each change of the circuit', async () => {
    const [one, two] = await twoWindows();
    await fail(one);
    await fail(two);
    one.clock.sleepMachine(60_000);
    await two.ledger.settle(await admitted(two, { circuit }), completed());
    assert.deepEqual(
      one.store.audit.latest('circuit', 10).map(({ body }): unknown => JSON.parse(body)),
      [
        { provider: 'acme', from: 'halfOpen', to: 'closed' },
        { provider: 'acme', from: 'open', to: 'halfOpen' },
        { provider: 'acme', from: 'closed', to: 'open' },
      ],
    );
  });

  it('fires one event for a change of the circuit, after its audit row was written', async () => {
    const [one] = await twoWindows();
    await fail(one);
    const admission = await admitted(one, { circuit });
    const rowsAtEvent: number[] = [];
    one.store.onDidChange(() => {
      rowsAtEvent.push(one.store.audit.latest('circuit', 10).length);
    });
    await one.ledger.settle(admission, failed());
    await one.clock.advance(2_000);
    assert.deepEqual(rowsAtEvent, [1]);
  });

  it('writes one chain of audit rows', async () => {
    const [one, two] = await twoWindows();
    for (const window of [one, two, one, two]) {
      const admission = await admitted(window);
      await window.ledger.settle(admission, completed(), recordOf(admission));
    }
    assert.deepEqual(
      two.store.audit.after(0, 10).map(({ seq }) => seq),
      [1, 2, 3, 4],
    );
  });

  it('fires an event for a change of the other window', async () => {
    const file = path.join(folder(), 'ledger.db');
    const [one, two] = [await openWindow(file, systemClock), await openWindow(file, systemClock)];
    const told = new EventTarget();
    const subscription = two.store.onDidChange(() => {
      told.dispatchEvent(new Event('change'));
    });
    const heard = once(told, 'change', { signal: AbortSignal.timeout(10_000) });
    await admitted(one);
    await heard;
    subscription.dispose();
    assert.equal(totals(two).heldRequests, 1);
  });

  it('fires one event for each change of its own', async () => {
    const [one] = await twoWindows();
    let changes = 0;
    one.store.onDidChange(() => {
      changes += 1;
    });
    await admitted(one);
    await one.clock.advance(2_000);
    assert.equal(changes, 1);
  });

  it('commits a write whose listener throws and goes on firing events', async () => {
    const file = path.join(folder(), 'ledger.db');
    const clock = new FakeClock(noonMs);
    const troubles: unknown[] = [];
    const onTrouble = (error: unknown) => troubles.push(error);
    const [one, other] = [await openWindow(file, clock, { onTrouble }), await openWindow(file, clock)];
    let told = 0;
    one.store.onDidChange(() => {
      throw new Error('a bug');
    });
    one.store.onDidChange(() => (told += 1));
    await admitted(one);
    assert.deepEqual([totals(other).heldRequests, told, troubles.length], [1, 1, 1]);
    for (const count of [2, 3]) {
      await admitted(other);
      await clock.advance(500);
      assert.deepEqual([told, troubles.length], [count, count]);
    }
  });

  it('fires an event within half a second of a change', async () => {
    const [one, two] = await twoWindows();
    let changes = 0;
    two.store.onDidChange(() => {
      changes += 1;
    });
    await admitted(one);
    await two.clock.advance(500);
    assert.equal(changes, 1);
  });
});
