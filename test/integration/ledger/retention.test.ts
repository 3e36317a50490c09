import assert from 'node:assert/strict';
import { defaultLedgerSettings } from '../../../src/ledger/ledger-settings.ts';
import { applyRetention } from '../../../src/ledger/retention.ts';
import { verifyAudit } from '../../../src/ledger/audit/verify-audit.ts';
import { admitted, freshWindow, letGoAfterEach, noonMs, totals, type Window } from './ledger-fixture.ts';
import { auditKey, capOf, completed } from './ledger-requests.ts';

const dayMs = 86_400_000;

async function append(window: Window, rows: number): Promise<void> {
  await window.transactions.write(({ nowMs }) => {
    for (let n = 0; n < rows; n++) window.tables.audit.append(nowMs, 'key', { n });
  });
}

const faultsOf = async (window: Window) =>
  (await verifyAudit(window.store.audit, { findKey: () => auditKey.key, anchor: undefined })).faults;

describe('applyRetention', () => {
  letGoAfterEach();

  it('keeps usage for 400 days and the audit trail for 90 days by default', () => {
    const { usageDays, auditDays } = defaultLedgerSettings;
    assert.deepEqual({ usageDays, auditDays }, { usageDays: 400, auditDays: 90 });
  });

  it('replaces old audit rows by a signed checkpoint, where verification begins', async () => {
    const window = await freshWindow();
    await append(window, 1_200);
    window.clock.sleepMachine(60 * dayMs);
    await append(window, 10);
    window.clock.sleepMachine(31 * dayMs);
    await applyRetention(window.tables, window.transactions, defaultLedgerSettings);
    assert.deepEqual(
      window.store.audit.after(0, 3).map(({ seq, kind }) => [seq, kind]),
      [
        [1_200, 'checkpoint'],
        [1_201, 'key'],
        [1_202, 'key'],
      ],
    );
    assert.deepEqual(await faultsOf(window), []);
  });

  it('moves the checkpoint on each time', async () => {
    const window = await freshWindow();
    for (let month = 0; month < 6; month++) {
      await append(window, 20);
      window.clock.sleepMachine(30 * dayMs);
      await applyRetention(window.tables, window.transactions, defaultLedgerSettings);
      assert.deepEqual(await faultsOf(window), []);
    }
    assert.equal(window.store.audit.after(0, 1)[0]?.seq, 60);
  });

  it('never drops the last row, so that the next one can be linked to it', async () => {
    const window = await freshWindow();
    await append(window, 5);
    window.clock.sleepMachine(500 * dayMs);
    await applyRetention(window.tables, window.transactions, defaultLedgerSettings);
    await append(window, 1);
    assert.deepEqual(
      window.store.audit.after(0, 9).map(({ seq }) => seq),
      [4, 5, 6],
    );
    assert.deepEqual(await faultsOf(window), []);
  });

  it('lets verification find rows that were deleted after the checkpoint', async () => {
    const window = await freshWindow();
    await append(window, 5);
    window.clock.sleepMachine(500 * dayMs);
    await append(window, 5);
    await applyRetention(window.tables, window.transactions, defaultLedgerSettings);
    window.db.exec('DELETE FROM audit_row WHERE seq IN (6, 7)');
    assert.deepEqual(await faultsOf(window), [{ kind: 'missing', fromSeq: 6, toSeq: 7 }]);
  });

  it('lets verification accept an anchor from before the checkpoint', async () => {
    const window = await freshWindow();
    await append(window, 5);
    const witnesses = { findKey: () => auditKey.key, anchor: undefined };
    const { head } = await verifyAudit(window.store.audit, witnesses);
    await append(window, 5);
    window.clock.sleepMachine(500 * dayMs);
    await append(window, 1);
    await applyRetention(window.tables, window.transactions, defaultLedgerSettings);
    const { faults } = await verifyAudit(window.store.audit, { ...witnesses, anchor: head });
    assert.deepEqual(faults, []);
  });

  it('does not count the row of a month against a cap', async () => {
    const window = await freshWindow();
    await window.ledger.settle(await admitted(window), completed());
    window.clock.sleepMachine(40 * dayMs);
    await applyRetention(window.tables, window.transactions, { usageDays: 30, auditDays: 90 });
    assert.deepEqual(
      window.store.usage.rows('0000', '9999').map(({ day }) => day),
      ['2026-01'],
    );
    // It does not count in that month either.
    for (const day of ['2026-01-01', '2026-01-31', '2026-02-01']) {
      for (const kind of ['requestsPerDay', 'tokensPerDay', 'usdPerDay', 'usdPerMonth'] as const) {
        const { used, held } = window.store.capUse({ nowMs: noonMs, day })(capOf(kind, 1));
        assert.deepEqual([used, held], [0, 0], `${kind} on ${day}`);
      }
    }
  });

  it('adds old days of usage up to months and loses nothing', async () => {
    const window = await freshWindow();
    for (let day = 0; day < 40; day++) {
      await window.ledger.settle(await admitted(window), completed());
      window.clock.sleepMachine(dayMs);
    }
    const before = totals(window);
    window.clock.sleepMachine(390 * dayMs);
    await applyRetention(window.tables, window.transactions, defaultLedgerSettings);
    await applyRetention(window.tables, window.transactions, defaultLedgerSettings);
    assert.deepEqual(totals(window), before);
    const days = window.store.usage.rows('0000', '9999').map(({ day, requests }) => [day, requests]);
    assert.deepEqual(days.slice(0, 3), [
      ['2026-01', 17],
      ['2026-02', 13],
      ['2026-02-14', 1],
    ]);
  });
});
