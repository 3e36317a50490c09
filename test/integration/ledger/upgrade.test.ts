import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { verifyAudit } from '../../../src/ledger/audit/verify-audit.ts';
import type { UsageRow } from '../../../src/ledger/readers.ts';
import { openLedger } from '../../../src/ledger/db/open-database.ts';
import { ledgerManifest } from '../../../src/ledger/vault-storage.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { testKeys } from '../../support/open-ledger.ts';
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
import { capOf, completed, recordOf } from './ledger-requests.ts';
import {
  olderAuditRows,
  olderManifestEntry,
  olderToken,
  olderVersions,
  writeOlderLedger,
} from './older-ledger.ts';

const today = '2026-01-15';

/** The provider of the older ledger that has calls in progress. */
const acme = { provider: 'acme' };

/** In the order of the columns of the older table. */
function figuresOf(row: UsageRow): unknown[] {
  const { day, provider, model, tenant, requests, succeeded, failed, estimated, unknownCost } = row;
  const tokens = [row.inputTokens, row.cachedInputTokens, row.outputTokens];
  const held = [row.heldRequests, row.heldTokens, row.heldMicroUsd];
  const sums = [requests, succeeded, failed, ...tokens, row.costMicroUsd, unknownCost, estimated];
  return [day, provider, model, tenant, ...sums, ...held];
}

for (const version of olderVersions) {
  describe(`openLedger on a ledger with schema ${version}`, () => {
    letGoAfterEach();

    async function upgraded(clock = new FakeClock(noonMs)): Promise<Window<FakeClock> & { file: string }> {
      const file = path.join(folder(), 'ledger.db');
      await writeOlderLedger(file, version);
      return { ...(await openWindow(file, clock)), file };
    }

    it('keeps a backup of the older ledger', async () => {
      const { file } = await upgraded();
      assert.ok(existsSync(`${file}.before-8`));
    });

    it('has no table that a window of an earlier version reads before it writes', async () => {
      const { file } = await upgraded();
      const { db } = await openLedger(file, new FakeClock(noonMs));
      for (const mark of ['seen', 'high_water_mark', 'clock_mark', 'time_mark'])
        assert.throws(() => db.prepare(`SELECT * FROM ${mark}`), /no such table/);
      db.close();
    });

    it('keeps the sums of every day and month', async () => {
      const window = await upgraded();
      assert.deepEqual(window.store.usage.rows('0000', '9999').map(figuresOf), [
        ['2025-11', 'acme', 'small', 'default', 100, 90, 10, 9_000, 900, 3_000, 50_000, 1, 2, 0, 0, 0],
        ['2026-01-14', 'acme', 'small', 'default', 5, 5, 0, 500, 50, 250, 1_000, 0, 0, 0, 0, 0],
        ['2026-01-15', 'acme', 'small', 'default', 2, 1, 0, 180, 20, 30, 240, 0, 1, 2, 300, 400],
        ['2026-01-15', 'beta', 'large', 'work', 3, 1, 2, 70, 0, 7, 0, 3, 0, 0, 0, 0],
      ]);
    });

    it('keeps the figures that every kind of cap counts', async () => {
      const window = await upgraded();
      const useOf = window.store.capUse(window.store.now());
      const used = (kind: Parameters<typeof capOf>[0]) => {
        const use = useOf(capOf(kind, 1, acme));
        return [use.used, use.held];
      };
      assert.deepEqual(used('requestsPerDay'), [2, 2]);
      assert.deepEqual(used('tokensPerDay'), [210, 300]);
      assert.deepEqual(used('usdPerDay'), [240, 400]);
      assert.deepEqual(used('usdPerMonth'), [1_240, 400]);
      assert.deepEqual(used('callsAtOnce'), [0, 2]);
      // Of the last minute: one settled call of 110 tokens, and one in progress that holds 150.
      assert.deepEqual(used('requestsPerMinute'), [2, 0]);
      assert.deepEqual(used('tokensPerMinute'), [260, 0]);
    });

    it('clears the calls in progress of the older window when they expire, each once', async () => {
      const window = await upgraded();
      window.clock.sleepMachine(600_000);
      for (let n = 0; n < 3; n++) await admitted(window, { target: { provider: 'zeta', model: 'x' } });
      const { requests, inputTokens, costMicroUsd, estimated, heldRequests } = window.store.usage.totals(
        today,
        today,
        acme,
      );
      assert.deepEqual([requests, inputTokens, costMicroUsd, estimated, heldRequests], [4, 380, 440, 3, 0]);
    });

    it('keeps circuits, pauses and marks', async () => {
      const window = await upgraded();
      const { providers } = window.store;
      assert.deepEqual(providers.get('acme').circuit, { kind: 'closed', generation: 0, failures: 2 });
      assert.deepEqual(
        [providers.lastOkMs('acme'), providers.get('acme').lastFailureMs, providers.get('acme').lastFailure],
        [noonMs - 5_000, noonMs - 9_000, 'HTTP 500'],
      );
      assert.equal(providers.get('beta').keyRejected, 'set-up 1');
      const refusalOf = async (provider: string, model = 'small') =>
        await refused(window, { target: { provider, model } });
      const [limited, open, forced, paused] = [
        await refusalOf('acme', 'large'),
        await refusalOf('beta'),
        await refusalOf('gamma'),
        await refusalOf('delta'),
      ];
      assert.equal(limited.kind === 'rest' && limited.retryAtMs, noonMs + 30_000);
      assert.equal(open.kind === 'circuit' && open.retryAtMs, noonMs + 60_000);
      assert.equal(forced.kind === 'circuit' && forced.state, 'forcedOpen');
      assert.equal(paused.kind, 'paused');
    });

    it('keeps the counters, and counts on from them', async () => {
      const window = await upgraded();
      await window.ledger.settle(await admitted(window), completed());
      const counters = window.store.counters.all().get('acme');
      assert.equal(counters?.get('requests'), 108);
      assert.equal(counters.get('inputTokens'), 9_760);
      assert.equal(counters.get('refusal:cap'), version >= 3 ? 4 : undefined);
    });

    it('keeps the list of keys', async () => {
      const window = await upgraded();
      assert.deepEqual(await ledgerManifest(Promise.resolve(window.store)).all(), [olderManifestEntry]);
    });

    it('keeps the latest time, so that a clock that was set back reopens nothing', async () => {
      const window = await upgraded(new FakeClock(noonMs - 86_400_000));
      assert.deepEqual(window.store.now(), { nowMs: noonMs, day: today });
    });

    it('keeps the audit trail sound and anchored, and adds to it', async () => {
      const window = await upgraded();
      const witnesses = { keys: testKeys, witness: undefined };
      const before = await verifyAudit(window.store.audit, { ...witnesses, anchors: [] });
      assert.deepEqual([before.rows, before.faults], [olderAuditRows, []]);
      assert.ok(before.head !== undefined);
      const admission = await admitted(window);
      await window.ledger.settle(admission, completed(), recordOf(admission));
      const after = await verifyAudit(window.store.audit, { ...witnesses, anchors: [before.head] });
      assert.deepEqual([after.rows, after.faults, after.lostEnd], [olderAuditRows + 1, [], false]);
      assert.deepEqual(
        window.store.audit.latest('user', 1).map(({ body }) => body),
        ['{"act":"trip","provider":"gamma"}'],
      );
    });

    if (version >= 4) {
      it('keeps the state of the gateway and its tokens', async () => {
        const window = await upgraded();
        assert.deepEqual(window.store.gateway.state(), { kind: 'serving', port: 22_557 });
        assert.deepEqual(window.store.tokens.all(), [olderToken]);
      });
    }

    it('counts new calls in the same sums', async () => {
      const window = await upgraded();
      const before = totals(window, today);
      await window.ledger.settle(await admitted(window), completed());
      const after = totals(window, today);
      assert.deepEqual(
        [after.requests - before.requests, after.inputTokens - before.inputTokens, after.heldRequests],
        [1, 80, before.heldRequests],
      );
    });
  });
}
