import assert from 'node:assert/strict';
import path from 'node:path';
import { FakeClock } from '../../support/fake-clock.ts';
import { callOf, guardWith, hear, silent } from '../../support/guard-fixture.ts';
import {
  admitted,
  folder,
  freshWindow,
  letGoAfterEach,
  noonMs,
  openWindow,
  refused,
  totals,
} from './ledger-fixture.ts';
import { noUsage } from '../../../src/guard/usage-tally.ts';
import { capOf, completed, recordOf, request, used } from './ledger-requests.ts';

const holdMs = 600_000;
const today = '2026-01-15';
const tomorrow = '2026-01-16';
const minuteToMidnightMs = Date.UTC(2026, 0, 15, 23, 59);

describe('SqliteLedger holds', () => {
  letGoAfterEach();

  it('charges a call from 23:59 that ends after midnight to the day of its start', async () => {
    const window = await freshWindow();
    window.clock.setWall(minuteToMidnightMs);
    const admission = await admitted(window);
    window.clock.sleepMachine(180_000);
    await window.ledger.settle(admission, completed());
    assert.deepEqual([totals(window, today).requests, totals(window, tomorrow).requests], [1, 0]);
    assert.equal(totals(window).heldTokens, 0);
  });

  describe('of a call whose own limit is above the limit of a cap', () => {
    const demand = { ...request().demand, maxOutputTokens: 32_000 };
    const caps = [capOf('tokensPerDay', 20_000, { provider: 'acme' })];

    it('admits only one at a time over all windows, and the next one once it has ended', async () => {
      const file = path.join(folder(), 'ledger.db');
      const one = await openWindow(file, new FakeClock(noonMs));
      const other = await openWindow(file, new FakeClock(noonMs));
      const admission = await admitted(one, { demand, caps });
      assert.equal(admission.reservation.outputTokens, 4_096);
      const refusal = await refused(other, { demand, caps });
      assert.ok(refusal.kind === 'cap' && refusal.resetsAtMs === undefined && refusal.held === 4_196);
      // A call that the cap could admit in full is not affected.
      const ordinary = await admitted(other, { caps });
      await one.ledger.settle(admission, completed(used({ inputTokens: 100, outputTokens: 15_000 })));
      await admitted(other, { demand: { ...demand, assumedOutputTokens: 1_000 }, caps });
      await other.ledger.settle(ordinary, completed());
    });

    it('lets calls of other scopes pass, and counts tokens of the gateway by themselves', async () => {
      const window = await freshWindow();
      await admitted(window, { demand, caps, token: 'one' });
      const elsewhere = { provider: 'beta', model: 'small' };
      const ofBeta = [capOf('tokensPerDay', 20_000, { provider: 'beta' })];
      await admitted(window, { demand, target: elsewhere, caps: ofBeta });
      const ofToken = (id: string) => [capOf('tokensPerDay', 20_000, { token: { id, name: id } })];
      await refused(window, { demand, caps: ofToken('one'), token: 'one' });
      await admitted(window, { demand, caps: ofToken('two'), token: 'two' });
    });

    it('admits the next one after the window of the first one died', async () => {
      const file = path.join(folder(), 'ledger.db');
      await admitted(await openWindow(file, new FakeClock(noonMs)), { demand, caps });
      await admitted(await openWindow(file, new FakeClock(noonMs + holdMs)), { demand, caps });
    });

    it('refuses a call that is too large for a strict cap', async () => {
      const window = await freshWindow();
      const refusal = await refused(window, { demand: { ...demand, strict: true }, caps });
      assert.ok(refusal.kind === 'cap' && refusal.tooSmall === true);
    });
  });

  it('does not count a hold of yesterday today', async () => {
    const window = await freshWindow();
    const caps = [capOf('requestsPerDay', 1)];
    window.clock.setWall(minuteToMidnightMs);
    await admitted(window, { caps });
    window.clock.sleepMachine(60_000);
    await admitted(window, { caps });
  });

  it('takes no request from a cap for a count of tokens, even if its window dies', async () => {
    const file = path.join(folder(), 'ledger.db');
    const dead = await openWindow(file, new FakeClock(noonMs));
    const living = await openWindow(file, new FakeClock(noonMs + holdMs));
    const demand = { ...request().demand, inputTokens: 0, maxOutputTokens: 0 };
    await admitted(dead, { isCount: true, demand, caps: [capOf('callsAtOnce', 1)] });
    const caps = [capOf('requestsPerDay', 1), capOf('requestsPerMinute', 1)];
    await admitted(living, { caps });
    assert.equal(totals(living).requests, 0);
    assert.equal(totals(living).heldRequests, 1);
  });

  it('records a count of tokens as a row of its own kind', async () => {
    const window = await freshWindow();
    const admission = await admitted(window, { isCount: true });
    const settlement = { usage: noUsage, outcome: { kind: 'unsent' }, breakerVerdict: 'none' } as const;
    const record = { ...recordOf(admission, noUsage), operation: 'count' } as const;
    await window.ledger.settle(admission, settlement, record);
    assert.equal(window.store.audit.latest('count', 5).length, 1);
    assert.equal(window.store.audit.latest('call', 5).length, 0);
    assert.equal(totals(window).requests, 0);
  });

  it('clears an expired hold at the next admission of any window and charges its input estimate', async () => {
    const file = path.join(folder(), 'ledger.db');
    const dead = await openWindow(file, new FakeClock(noonMs));
    const living = await openWindow(file, new FakeClock(noonMs + holdMs));
    await admitted(dead);
    await admitted(living, { target: { provider: 'beta', model: 'x' } });
    const acme = living.store.usage.totals(today, today, { provider: 'acme' });
    assert.deepEqual(
      [
        acme.requests,
        acme.inputTokens,
        acme.outputTokens,
        acme.costMicroUsd,
        acme.estimated,
        acme.heldRequests,
      ],
      [1, 100, 0, 100, 1, 0],
    );
    assert.equal(living.tables.admissions.callsAtOnce({ provider: 'acme' }), 0);
  });

  it('keeps a hold that has not expired', async () => {
    const window = await freshWindow();
    await admitted(window);
    window.clock.sleepMachine(holdMs - 1);
    await admitted(window);
    assert.equal(window.tables.admissions.callsAtOnce({}), 2);
  });

  it('keeps a renewed hold after its first expiry', async () => {
    const window = await freshWindow();
    const admission = await admitted(window);
    window.clock.sleepMachine(holdMs / 2);
    await window.ledger.renew(admission);
    window.clock.sleepMachine(holdMs / 2);
    await admitted(window);
    assert.equal(window.tables.admissions.callsAtOnce({}), 2);
  });

  it('renews a hold for as long as its call lasts', async () => {
    const window = await freshWindow({ holdMs: 60_000 });
    const caps = [capOf('callsAtOnce', 1)];
    const timeouts = { connectMs: 1e6, readMs: 1e6, headersMs: 1e6, firstContentMs: 1e6, callMs: 1e6 };
    const { guard } = guardWith([silent], { caps, timeouts }, { ledger: window.ledger, clock: window.clock });
    const leave = new AbortController();
    const heard = hear(guard.run(callOf({ signal: leave.signal })));
    await window.clock.advance(150_000);
    assert.equal((await refused(window, { caps })).kind, 'cap');
    leave.abort();
    assert.equal((await heard).result.kind, 'aborted');
    await admitted(window, { caps });
  });

  it('renews a probe before its lease expires, even if its hold lasts longer', async () => {
    const window = await freshWindow({ holdMs: 36_000_000 });
    const { renewEveryMs, request: asked } = await admitted(window);
    assert.ok(renewEveryMs < asked.circuit.leaseMs / 2);
  });

  for (const price of ['known', 'unknown'] as const) {
    it(`replaces the provisional charge when the owner of a cleared hold settles it (price ${price})`, async () => {
      const window = await freshWindow();
      const known = price === 'known';
      const demand = {
        inputTokens: 100,
        maxOutputTokens: 50,
        assumedOutputTokens: 1,
        price: known
          ? { inputUsdPerMillion: 1, cachedInputUsdPerMillion: 1, outputUsdPerMillion: 2 }
          : undefined,
        unknownPriceAllowed: true,
        strict: false,
      };
      const none = totals(window);
      const owner = await admitted(window, { demand });
      window.clock.sleepMachine(86_400_000);
      const other = await admitted(window, { demand });
      assert.equal(totals(window, today).requests, 1);
      await window.ledger.settle(owner, completed(used({ costMicroUsd: known ? 140 : undefined })));
      const { requests, inputTokens, outputTokens, costMicroUsd, unknownCost, estimated } = totals(
        window,
        today,
      );
      assert.deepEqual(
        [requests, inputTokens, outputTokens, costMicroUsd, unknownCost, estimated],
        [1, 80, 30, known ? 140 : 0, known ? 0 : 1, 0],
      );
      const nothing = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, costMicroUsd: 0 };
      const unsent = used({ requests: 0, ...nothing });
      await window.ledger.settle(other, {
        usage: unsent,
        outcome: { kind: 'unsent' },
        breakerVerdict: 'none',
      });
      assert.deepEqual(totals(window, tomorrow), none);
    });
  }

  it('throws at the second settlement of a hold and charges nothing', async () => {
    const window = await freshWindow();
    const admission = await admitted(window);
    await window.ledger.settle(admission, completed());
    await assert.rejects(window.ledger.settle(admission, completed()), /was already settled/);
    await assert.rejects(window.ledger.settle({ ...admission }, completed()), /was already settled/);
    assert.equal(totals(window).requests, 1);
  });

  it('forgets a settled hold after its minute', async () => {
    const window = await freshWindow();
    await window.ledger.settle(await admitted(window), completed());
    window.clock.sleepMachine(61_000);
    await window.ledger.settle(await admitted(window), completed());
    await window.transactions.write(({ nowMs }) => {
      window.tables.settledCalls.addToSums(nowMs);
    });
    assert.equal(window.tables.admissions.since(0, {}).requests, 1);
  });

  it('clears all holds of many dead windows', async () => {
    const window = await freshWindow();
    for (let n = 0; n < 120; n++) await admitted(window);
    window.clock.sleepMachine(holdMs);
    for (let n = 0; n < 3; n++) {
      const caps = [capOf('callsAtOnce', 1_000)];
      await window.ledger.settle(await admitted(window, { caps }), completed());
    }
    assert.equal(window.tables.admissions.callsAtOnce({}), 0);
    assert.equal(totals(window).heldTokens, 0);
  });
});

describe('SqliteLedger after a spent day', () => {
  letGoAfterEach();
  const caps = [capOf('requestsPerDay', 1)];

  it('does not reopen the day when the clock is set back', async () => {
    const window = await freshWindow();
    await admitted(window, { caps });
    window.clock.sleepMachine(86_400_000);
    await admitted(window, { caps });
    for (const backMs of [1, 3_600_000, 86_400_000, 40 * 86_400_000]) {
      window.clock.setWall(noonMs + 86_400_000 - backMs);
      assert.equal((await refused(window, { caps })).kind, 'cap');
    }
  });

  it('does not reopen the day when the clock was set back before a restart', async () => {
    const file = path.join(folder(), 'ledger.db');
    await admitted(await openWindow(file, new FakeClock(noonMs + 86_400_000)), { caps });
    const later = await openWindow(file, new FakeClock(noonMs - 30 * 86_400_000));
    assert.equal((await refused(later, { caps })).kind, 'cap');
  });

  it('does not reopen the day when the time zone changes to the west', async () => {
    const file = path.join(folder(), 'ledger.db');
    const clock = new FakeClock(Date.UTC(2026, 0, 15, 20));
    await admitted(await openWindow(file, clock, { zone: 'Asia/Tokyo' }), { caps });
    const west = await openWindow(file, clock, { zone: 'America/Los_Angeles' });
    const refusal = await refused(west, { caps });
    // It is the 16th in Tokyo, which ends in Los Angeles at its own midnight.
    assert.equal(refusal.kind === 'cap' && refusal.resetsAtMs, Date.UTC(2026, 0, 17, 8));
  });
});
