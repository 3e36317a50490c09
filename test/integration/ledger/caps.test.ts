import assert from 'node:assert/strict';
import { capKinds, isPerSession, type CapKind, type CapScope } from '../../../src/guard/caps.ts';
import { admitted, freshWindow, letGoAfterEach, noonMs, refused, totals } from './ledger-fixture.ts';
import { capOf, completed, failed, request, used } from './ledger-requests.ts';

/** What the usual request holds and what it uses, in the unit of the cap. */
const amounts: Record<CapKind, { held: number; used: number }> = {
  requestsPerDay: { held: 1, used: 1 },
  requestsPerMinute: { held: 1, used: 1 },
  tokensPerDay: { held: 150, used: 110 },
  tokensPerMinute: { held: 150, used: 110 },
  usdPerDay: { held: 200, used: 140 },
  usdPerMonth: { held: 200, used: 140 },
  callsAtOnce: { held: 1, used: 0 },
  usdPerSession: { held: 200, used: 140 },
  tokensPerSession: { held: 150, used: 110 },
};
const midnightMs = Date.UTC(2026, 0, 16);
const resets: Record<CapKind, number | undefined> = {
  requestsPerDay: midnightMs,
  tokensPerDay: midnightMs,
  usdPerDay: midnightMs,
  usdPerMonth: Date.UTC(2026, 1, 1),
  requestsPerMinute: noonMs + 60_000,
  tokensPerMinute: noonMs + 60_000,
  callsAtOnce: undefined,
  usdPerSession: undefined,
  tokensPerSession: undefined,
};
/** Caps per session count the calls of one. */
const session = 'AbCd-1234567';
const cap = (kind: CapKind, limit: number) => capOf(kind, limit, isPerSession(kind) ? { session } : {});

describe('SqliteLedger caps', () => {
  letGoAfterEach();

  for (const kind of capKinds) {
    const { held, used: usedAmount } = amounts[kind];

    it(`counts a hold against a cap of ${kind}`, async () => {
      const window = await freshWindow();
      const caps = [cap(kind, 2 * held)];
      await admitted(window, { caps, session });
      await admitted(window, { caps, session });
      const refusal = await refused(window, { caps, session });
      assert.ok(refusal.kind === 'cap');
      assert.deepEqual(
        [refusal.cap.kind, refusal.used + refusal.held, refusal.resetsAtMs],
        [kind, 2 * held, resets[kind]],
      );
    });

    it(`counts the real figures of a settled call against a cap of ${kind}`, async () => {
      const window = await freshWindow();
      await window.ledger.settle(await admitted(window, { session }), completed());
      const room = [cap(kind, usedAmount + held)];
      await window.ledger.settle(await admitted(window, { caps: room, session }), completed());
      if (kind === 'callsAtOnce') return;
      const tight = [cap(kind, 2 * usedAmount + held - 1)];
      const refusal = await refused(window, { caps: tight, session });
      assert.ok(refusal.kind === 'cap');
      assert.deepEqual([refusal.used, refusal.held], [2 * usedAmount, 0]);
    });
  }

  it('counts the dollars of all days of the month against a monthly cap, but none of the month before', async () => {
    const window = await freshWindow();
    const caps = [capOf('usdPerMonth', 400)];
    const days = 86_400_000;
    await window.ledger.settle(await admitted(window, { caps }), completed());
    window.clock.setWall(noonMs + 2 * days);
    await window.ledger.settle(await admitted(window, { caps }), completed());
    window.clock.setWall(noonMs + 12 * days);
    const refusal = await refused(window, { caps });
    assert.ok(refusal.kind === 'cap');
    assert.deepEqual([refusal.used, refusal.resetsAtMs], [280, Date.UTC(2026, 1, 1)]);
    window.clock.setWall(noonMs + 17 * days);
    await admitted(window, { caps });
  });

  it('reads a cap while calls in progress declare more than its limit', async () => {
    const window = await freshWindow();
    const demand = { ...request().demand, maxOutputTokens: Number.MAX_SAFE_INTEGER };
    for (const callId of ['one', 'two']) await admitted(window, { callId, demand });
    const refusal = await refused(window, { caps: [capOf('tokensPerDay', 1_000)] });
    assert.ok(refusal.kind === 'cap' && refusal.held > 1_000);
  });

  const scopes: [CapScope, mine: boolean][] = [
    [{}, true],
    [{ provider: 'acme' }, true],
    [{ provider: 'beta' }, false],
    [{ tenant: 'default' }, true],
    [{ tenant: 'work' }, false],
    [{ tenant: 'default', provider: 'acme' }, true],
    [{ tenant: 'default', provider: 'beta' }, false],
    [{ provider: 'acme', model: 'small' }, true],
    [{ provider: 'acme', model: 'big' }, false],
    [{ model: 'small' }, true],
  ];
  for (const [scope, mine] of scopes) {
    for (const kind of ['requestsPerDay', 'requestsPerMinute', 'callsAtOnce', 'usdPerMonth'] as const) {
      it(`${mine ? 'counts' : 'leaves out'} a call for a cap of ${kind} with the scope ${JSON.stringify(scope)}`, async () => {
        const window = await freshWindow();
        await admitted(window);
        const caps = [capOf(kind, amounts[kind].held, scope)];
        const result = await window.ledger.admit(request({ caps }));
        assert.equal(result.ok, !mine);
      });
    }
  }

  it('changes no other cap when one cap refuses', async () => {
    const window = await freshWindow();
    const none = totals(window);
    const refusal = await refused(window, { caps: [capOf('requestsPerDay', 10), capOf('tokensPerDay', 10)] });
    assert.equal(refusal.kind === 'cap' && refusal.cap.kind, 'tokensPerDay');
    assert.deepEqual(totals(window), none);
    assert.equal(window.tables.admissions.callsAtOnce({}), 0);
    assert.equal(window.tables.admissions.since(0, {}).requests, 0);
  });

  it('gives the probe back when a cap refuses', async () => {
    const window = await freshWindow();
    const circuit = { failures: 1, cooldownMs: 1, maxCooldownMs: 10, leaseMs: 600_000 };
    await window.ledger.settle(await admitted(window, { circuit }), failed());
    await window.clock.advance(1_000);
    const refusal = await refused(window, { circuit, caps: [capOf('tokensPerDay', 10)] });
    assert.equal(refusal.kind, 'cap');
    assert.equal((await admitted(window, { circuit })).pass.probe, true);
  });

  it('frees the part of a hold that was not used', async () => {
    const window = await freshWindow();
    await window.ledger.settle(await admitted(window), completed());
    const { requests, inputTokens, cachedInputTokens, outputTokens, costMicroUsd, ...others } =
      totals(window);
    assert.deepEqual(
      [requests, inputTokens, cachedInputTokens, outputTokens, costMicroUsd],
      [1, 80, 20, 30, 140],
    );
    assert.deepEqual(others, {
      succeeded: 1,
      failed: 0,
      unknownCost: 0,
      estimated: 0,
      heldRequests: 0,
      heldTokens: 0,
      heldMicroUsd: 0,
    });
  });

  it('charges usage above the hold in full, so that it counts for the next call', async () => {
    const window = await freshWindow();
    const caps = [capOf('tokensPerDay', 1_000)];
    await window.ledger.settle(await admitted(window, { caps }), completed(used({ outputTokens: 2_000 })));
    const refusal = await refused(window, { caps });
    assert.equal(refusal.kind === 'cap' && refusal.used, 2_080);
  });

  it('charges nothing for a call that was not sent', async () => {
    const window = await freshWindow();
    const nothing = used({
      requests: 0,
      inputTokens: 0,
      cachedInputTokens: 0,
      outputTokens: 0,
      costMicroUsd: 0,
    });
    const none = totals(window);
    await window.ledger.settle(await admitted(window), {
      usage: nothing,
      outcome: { kind: 'unsent' },
      breakerVerdict: 'none',
    });
    assert.deepEqual(totals(window), none);
  });

  it('counts an unknown cost as unknown and not as $0', async () => {
    const window = await freshWindow();
    await window.ledger.settle(await admitted(window), completed(used({ costMicroUsd: undefined })));
    const { costMicroUsd, unknownCost } = totals(window);
    assert.deepEqual([costMicroUsd, unknownCost], [0, 1]);
  });

  it('counts estimated usage as estimated', async () => {
    const window = await freshWindow();
    await window.ledger.settle(await admitted(window), completed(used({ estimated: true })));
    assert.equal(totals(window).estimated, 1);
  });

  it('has room in a cap of a minute at the reset time of the refusal', async () => {
    const window = await freshWindow();
    const caps = [capOf('requestsPerMinute', 1)];
    await window.ledger.settle(await admitted(window, { caps }), completed());
    window.clock.sleepMachine(59_999);
    assert.equal((await refused(window, { caps })).kind, 'cap');
    window.clock.sleepMachine(1);
    await admitted(window, { caps });
  });

  it('counts a call against its minute after it was settled', async () => {
    const window = await freshWindow();
    const caps = [capOf('tokensPerMinute', 200)];
    await window.ledger.settle(await admitted(window, { caps }), completed());
    const refusal = await refused(window, { caps });
    assert.equal(refusal.kind === 'cap' && refusal.used, 110);
  });

  it('admits exactly N of many simultaneous calls with a cap of N', async () => {
    const window = await freshWindow();
    const caps = [capOf('requestsPerDay', 20)];
    const asked = Array.from({ length: 50 }, () => window.ledger.admit(request({ caps })));
    assert.equal((await Promise.all(asked)).filter(({ ok }) => ok).length, 20);
  });
});
