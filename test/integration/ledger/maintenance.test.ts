import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { acceptTruncation } from '../../../src/ledger/audit/accept-truncation.ts';
import { readAnchor } from '../../../src/ledger/audit/audit-anchor.ts';
import { defaultLedgerSettings } from '../../../src/ledger/ledger-settings.ts';
import { startLedger } from '../../../src/ledger/start-ledger.ts';
import { Maintenance } from '../../../src/ledger/maintenance.ts';
import { verifyAudit } from '../../../src/ledger/audit/verify-audit.ts';
import { bodyOf } from '../../../src/observe/audit-text.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { folder, letGoAfterEach, noonMs, openWindow } from './ledger-fixture.ts';
import { auditKey } from './ledger-requests.ts';

const dayMs = 86_400_000;

/** A window with maintenance. */
async function keptWindow() {
  const home = folder();
  const [file, anchorFile] = [path.join(home, 'ledger.db'), path.join(home, 'anchor.json')];
  const clock = new FakeClock(noonMs);
  const window = await openWindow(file, clock);
  const trouble: unknown[] = [];
  const { store, tables, transactions } = window;
  const onTrouble = (error: unknown) => trouble.push(error);
  const parts = { tables, transactions, file, clock, anchorFile, onTrouble };
  const maintenance = new Maintenance({ ...parts, retention: defaultLedgerSettings });
  const append = (rows: number) =>
    transactions.write(({ nowMs }) => {
      for (let n = 0; n < rows; n++) tables.audit.append(nowMs, 'key', { n });
    });
  /** Waits for a result on the disk. */
  const until = async (isSo: () => Promise<boolean> | boolean) => {
    while (!(await isSo())) await setImmediate();
  };
  const anchor = async () => {
    const found = await readAnchor(anchorFile);
    assert.ok(found !== 'broken');
    return found;
  };
  const anchoredAt = async (seq: number) => {
    await clock.advance(2_000);
    await until(async () => (await anchor())?.seq === seq);
  };
  const verify = async () => {
    const found = await readAnchor(anchorFile);
    return (await verifyAudit(store.audit, { findKey: () => auditKey.key, anchor: found })).faults;
  };
  return { ...window, file, maintenance, anchorFile, anchor, trouble, append, until, anchoredAt, verify };
}

describe('Maintenance', () => {
  letGoAfterEach();

  it('anchors the last audit row two seconds after it was written', async () => {
    const { maintenance, append, anchoredAt, clock, anchorFile, trouble } = await keptWindow();
    await append(3);
    await clock.advance(1_999);
    assert.equal(await readAnchor(anchorFile), undefined);
    await anchoredAt(3);
    await append(2);
    await anchoredAt(5);
    maintenance.dispose();
    assert.deepEqual(trouble, []);
  });

  for (const [what, grows, faults] of [
    ['that was cut off', 1, [{ kind: 'cutTail', fromSeq: 9, toSeq: 10 }]],
    ['that was cut off and grew again', 5, [{ kind: 'rewrittenTail', seq: 10 }]],
  ] as const) {
    it(`keeps the anchor of an end ${what}, so that it can be detected`, async () => {
      const { maintenance, append, anchoredAt, clock, db, until, trouble, verify } = await keptWindow();
      await append(10);
      await anchoredAt(10);
      db.exec('DELETE FROM audit_row WHERE seq > 7');
      await append(grows);
      await clock.advance(2_000);
      await until(() => trouble.length > 0);
      assert.match(String(trouble[0]), /no longer contains its anchored row/);
      assert.deepEqual(await verify(), faults);
      maintenance.dispose();
    });
  }

  for (const [what, grows] of [
    ['that was cut off', 0],
    ['that was cut off and grew again', 5],
  ] as const) {
    it(`accepts an end ${what} when the user says so, records what is missing, and detects the next cut`, async () => {
      const { maintenance, append, anchor, anchoredAt, db, verify, file, anchorFile, store, trouble } =
        await keptWindow();
      await append(10);
      await anchoredAt(10);
      const lost = await anchor();
      db.exec('DELETE FROM audit_row WHERE seq > 7');
      if (grows > 0) await append(grows);
      assert.notDeepEqual(await verify(), []);
      await acceptTruncation(store, file, anchorFile);
      assert.deepEqual(await verify(), []);
      const [row] = store.audit.latest('user', 1);
      assert.deepEqual(bodyOf(row ?? { body: '' }), { act: 'acceptCut', lostSeq: 10, lostMac: lost?.mac });
      await append(3);
      await anchoredAt(11 + grows);
      db.exec('DELETE FROM audit_row WHERE seq > 7');
      assert.deepEqual(await verify(), [{ kind: 'cutTail', fromSeq: 8, toSeq: 11 + grows }]);
      assert.deepEqual(trouble, []);
      maintenance.dispose();
    });
  }

  it('accepts a damaged anchor when the user says so and detects the next cut', async () => {
    const { maintenance, append, anchoredAt, db, verify, file, anchorFile, store, clock, until, trouble } =
      await keptWindow();
    await append(10);
    await anchoredAt(10);
    // A power cut can leave such a file.
    writeFileSync(anchorFile, '\0'.repeat(90));
    await append(1);
    await clock.advance(2_000);
    await until(() => trouble.length > 0);
    assert.match(String(trouble[0]), /is damaged\. Use Callguard: Verify Audit Trail/);
    assert.deepEqual(await verify(), [{ kind: 'brokenAnchor' }]);
    await acceptTruncation(store, file, anchorFile);
    assert.deepEqual(await verify(), []);
    await append(1);
    await anchoredAt(13);
    db.exec('DELETE FROM audit_row WHERE seq > 11');
    assert.deepEqual(await verify(), [{ kind: 'cutTail', fromSeq: 12, toSeq: 13 }]);
    maintenance.dispose();
  });

  it('does not change a trail that contains the anchored row, even if the user accepts it', async () => {
    const { maintenance, append, anchoredAt, file, anchorFile, store } = await keptWindow();
    await append(3);
    await acceptTruncation(store, file, anchorFile);
    await anchoredAt(3);
    await append(1);
    await acceptTruncation(store, file, anchorFile);
    assert.equal(store.audit.head()?.seq, 4);
    maintenance.dispose();
  });

  it('drops old rows and moves an anchor that was among them', async () => {
    const { maintenance, append, anchoredAt, clock, until, store, trouble, verify } = await keptWindow();
    await append(10);
    await anchoredAt(10);
    clock.sleepMachine(91 * dayMs);
    await append(5);
    await clock.advance(60_000);
    await until(() => store.audit.after(0, 1)[0]?.kind === 'checkpoint');
    await anchoredAt(15);
    assert.deepEqual(await verify(), []);
    clock.sleepMachine(91 * dayMs);
    await clock.advance(6 * 3_600_000);
    await until(() => store.audit.after(0, 1)[0]?.seq === 14);
    await append(1);
    await anchoredAt(16);
    assert.deepEqual([await verify(), trouble], [[], []]);
    maintenance.dispose();
  });

  it('reports no trouble when the ledger is closed during its work', async () => {
    const { maintenance, append, clock, file, dispose, transactions, trouble } = await keptWindow();
    await append(1);
    const { db: other } = await openWindow(file, clock);
    other.exec('BEGIN IMMEDIATE');
    await clock.advance(60_000);
    // The retention has started and waits for the other window.
    maintenance.dispose();
    dispose();
    const late = assert.rejects(
      transactions.write(() => undefined),
      /not open/,
    );
    await clock.advance(100);
    await late;
    assert.deepEqual(trouble, []);
  });

  it('starts a new trail without an anchor after a damaged ledger was set aside', async () => {
    const { maintenance, append, anchoredAt, dispose, anchorFile, clock } = await keptWindow();
    await append(3);
    await anchoredAt(3);
    maintenance.dispose();
    dispose();
    const file = path.join(path.dirname(anchorFile), 'ledger.db');
    writeFileSync(file, 'no database at all, and long enough to be taken for one'.repeat(100));
    const started = await startLedger({
      ...{ file, anchorFile, clock, timeZone: 'UTC', auditKey: () => auditKey, random: { next: () => 0.5 } },
      settings: defaultLedgerSettings,
      onTrouble: (error) => {
        throw error;
      },
    });
    assert.notEqual(started.setAside, undefined);
    assert.equal(await readAnchor(anchorFile), undefined);
    started.dispose();
  });
});
