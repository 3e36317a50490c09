import assert from 'node:assert/strict';
import { defaultLedgerSettings } from '../../../src/ledger/ledger-settings.ts';
import { unsigned } from '../../../src/ledger/audit/audit-key.ts';
import { applyRetention } from '../../../src/ledger/retention.ts';
import { verifyAudit } from '../../../src/ledger/audit/verify-audit.ts';
import { testKeys } from '../../support/open-ledger.ts';
import { admitted, freshWindow, letGoAfterEach, noonMs, totals, type Window } from './ledger-fixture.ts';
import { auditKey, capOf, completed } from './ledger-requests.ts';

const dayMs = 86_400_000;

async function append(window: Window, rows: number): Promise<void> {
  await window.transactions.write(({ nowMs }) => {
    for (let n = 0; n < rows; n++) window.tables.audit.append(nowMs, 'key', { n });
  });
}

const witnesses = { keys: testKeys, anchors: [], witness: undefined };

const faultsOf = async (window: Window) => (await verifyAudit(window.store.audit, witnesses)).faults;

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
    await applyRetention(window.tables, window.transactions, defaultLedgerSettings, testKeys);
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
      await applyRetention(window.tables, window.transactions, defaultLedgerSettings, testKeys);
      assert.deepEqual(await faultsOf(window), []);
    }
    assert.equal(window.store.audit.after(0, 1)[0]?.seq, 60);
  });

  it('never drops the last row, so that the next one can be linked to it', async () => {
    const window = await freshWindow();
    await append(window, 5);
    window.clock.sleepMachine(500 * dayMs);
    await applyRetention(window.tables, window.transactions, defaultLedgerSettings, testKeys);
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
    await applyRetention(window.tables, window.transactions, defaultLedgerSettings, testKeys);
    window.db.exec('DELETE FROM audit_row WHERE seq IN (6, 7)');
    assert.deepEqual(await faultsOf(window), [{ kind: 'missing', fromSeq: 6, toSeq: 7 }]);
  });

  it('lets verification accept an anchor from before the checkpoint', async () => {
    const window = await freshWindow();
    await append(window, 5);
    const { head } = await verifyAudit(window.store.audit, witnesses);
    assert.ok(head !== undefined);
    await append(window, 5);
    window.clock.sleepMachine(500 * dayMs);
    await append(window, 1);
    await applyRetention(window.tables, window.transactions, defaultLedgerSettings, testKeys);
    const { faults } = await verifyAudit(window.store.audit, { ...witnesses, anchors: [head] });
    assert.deepEqual(faults, []);
  });

  const retain = (window: Window) =>
    applyRetention(window.tables, window.transactions, defaultLedgerSettings, testKeys);

  it('does not drop rows whose times were forged to look old, so verification still shows them', async () => {
    const window = await freshWindow();
    await append(window, 10);
    window.db.exec('UPDATE audit_row SET at_ms = 1 WHERE seq < 10');
    assert.equal(await retain(window), 0);
    assert.equal((await faultsOf(window)).length, 9);
  });

  it('does not take a row without a master key, or of an unknown key, as a proof that rows are old', async () => {
    let key = unsigned;
    const window = await freshWindow({ auditKey: () => key });
    await append(window, 5);
    key = { id: 'key-9', key: Buffer.alloc(32, 9) };
    await append(window, 5);
    window.clock.sleepMachine(91 * dayMs);
    key = auditKey;
    await append(window, 5);
    assert.equal(await retain(window), 0);
    // Once a row that can be verified is old, all rows before it are, too.
    window.clock.sleepMachine(91 * dayMs);
    await append(window, 1);
    assert.equal(await retain(window), 15);
    assert.deepEqual(await faultsOf(window), []);
  });

  it('drops nothing while there is no master key to sign the checkpoint with', async () => {
    let key = auditKey;
    const window = await freshWindow({ auditKey: () => key });
    await append(window, 5);
    window.clock.sleepMachine(91 * dayMs);
    key = unsigned;
    await append(window, 1);
    assert.equal(await retain(window), 0);
    assert.deepEqual(await faultsOf(window), []);
  });

  it('keeps the format of the anchor in each checkpoint', async () => {
    const window = await freshWindow();
    await append(window, 5);
    await window.store.recordAnchorFormat();
    const format = window.store.audit.anchorFormat();
    for (let month = 0; month < 6; month++) {
      window.clock.sleepMachine(60 * dayMs);
      await append(window, 600);
      await retain(window);
    }
    assert.deepEqual(window.store.audit.latest('anchorFormat', 1), []);
    assert.notEqual(format, undefined);
    assert.deepEqual([window.store.audit.anchorFormat(), await faultsOf(window)], [format, []]);
  });

  it('does not count the row of a month against a cap', async () => {
    const window = await freshWindow();
    await window.ledger.settle(await admitted(window), completed());
    window.clock.sleepMachine(40 * dayMs);
    await applyRetention(window.tables, window.transactions, { usageDays: 30, auditDays: 90 }, testKeys);
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
    await applyRetention(window.tables, window.transactions, defaultLedgerSettings, testKeys);
    await applyRetention(window.tables, window.transactions, defaultLedgerSettings, testKeys);
    assert.deepEqual(totals(window), before);
    const days = window.store.usage.rows('0000', '9999').map(({ day, requests }) => [day, requests]);
    assert.deepEqual(days.slice(0, 3), [
      ['2026-01', 17],
      ['2026-02', 13],
      ['2026-02-14', 1],
    ]);
  });
});
