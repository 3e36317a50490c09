import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createMemorySecrets } from '../../../src/headless/memory-secrets.ts';
import { unsigned } from '../../../src/ledger/audit/audit-key.ts';
import { defaultLedgerSettings } from '../../../src/ledger/ledger-settings.ts';
import { startLedger } from '../../../src/ledger/start-ledger.ts';
import { bodyOf } from '../../../src/observe/audit-text.ts';
import { testRing } from '../../support/open-ledger.ts';
import { keptWindow, newMachine, until } from './kept-window.ts';
import { letGoAfterEach, openWindow } from './ledger-fixture.ts';
import { auditKey } from './ledger-requests.ts';

const dayMs = 86_400_000;

describe('Maintenance', () => {
  letGoAfterEach();

  it('anchors the last audit row two seconds after it was written, and then the row that says so', async () => {
    const { maintenance, append, anchoredAt, clock, signedFile, store, trouble } = await keptWindow();
    await append(3);
    await clock.advance(1_999);
    assert.ok(!existsSync(signedFile));
    await anchoredAt(3);
    await until(() => store.audit.head()?.seq === 4);
    assert.equal(store.audit.head()?.kind, 'anchorFormat');
    await anchoredAt(4);
    await append(2);
    await anchoredAt(6);
    assert.equal(store.audit.head()?.seq, 6);
    maintenance.dispose();
    assert.deepEqual(trouble, []);
  });

  it('writes an anchor that is not signed while there is no master key, and signs it once there is one', async () => {
    let key = unsigned;
    const { maintenance, append, anchoredAt, anchorFile, clock, store, trouble, faults } = await keptWindow(
      newMachine(),
      () => key,
    );
    await append(3);
    await clock.advance(2_000);
    await until(() => existsSync(anchorFile));
    assert.deepEqual((JSON.parse(readFileSync(anchorFile, 'utf8')) as { seq: number }).seq, 3);
    assert.equal(store.audit.anchorFormat(), undefined);
    key = auditKey;
    await append(1);
    await anchoredAt(4);
    await until(() => store.audit.anchorFormat() !== undefined && !existsSync(anchorFile));
    assert.deepEqual([await faults(), trouble], [[], []]);
    maintenance.dispose();
  });

  it('leaves a signed anchor as it is while there is no master key', async () => {
    let key = auditKey;
    const { maintenance, append, anchoredAt, anchorFile, clock, store, trail, trouble } = await keptWindow(
      newMachine(),
      () => key,
    );
    await append(3);
    await anchoredAt(3);
    await until(() => store.audit.head()?.seq === 4);
    await anchoredAt(4);
    key = unsigned;
    await append(1);
    await clock.advance(2_000);
    await trail.anchor();
    await anchoredAt(4);
    assert.ok(!existsSync(anchorFile));
    assert.deepEqual(trouble, []);
    maintenance.dispose();
  });

  for (const [what, grows, expected] of [
    ['that was cut off', 1, [{ kind: 'cutTail', fromSeq: 9, toSeq: 10 }]],
    ['that was cut off and grew again', 5, [{ kind: 'rewrittenTail', seq: 10 }]],
  ] as const) {
    it(`keeps the anchor of an end ${what}, so that it can be detected`, async () => {
      const { maintenance, append, anchoredAt, clock, db, trouble, faults, trail } = await keptWindow();
      await append(1);
      await trail.anchor();
      await append(8);
      await anchoredAt(10);
      db.exec('DELETE FROM audit_row WHERE seq > 7');
      await append(grows);
      await clock.advance(2_000);
      await until(() => trouble.length > 0);
      assert.match(String(trouble[0]), /no longer contains its anchored row/);
      assert.deepEqual(await faults(), expected);
      maintenance.dispose();
    });
  }

  for (const [what, grows] of [
    ['that was cut off', 0],
    ['that was cut off and grew again', 5],
  ] as const) {
    it(`accepts an end ${what} when the user says so, records what is missing, and detects the next cut`, async () => {
      const { maintenance, append, anchor, anchoredAt, db, faults, trail, store, trouble } =
        await keptWindow();
      await append(1);
      await trail.anchor();
      await append(8);
      await anchoredAt(10);
      const lost = await anchor();
      db.exec('DELETE FROM audit_row WHERE seq > 7');
      if (grows > 0) await append(grows);
      assert.notDeepEqual(await faults(), []);
      await trail.accept();
      assert.deepEqual(await faults(), []);
      const [row] = store.audit.latest('user', 1);
      const { mac } = lost.kind === 'signed' ? lost.row : {};
      assert.deepEqual(bodyOf(row ?? { body: '' }), { act: 'acceptCut', lostSeq: 10, lostMac: mac });
      await append(3);
      await anchoredAt(11 + grows);
      db.exec('DELETE FROM audit_row WHERE seq > 7');
      assert.deepEqual(await faults(), [{ kind: 'cutTail', fromSeq: 8, toSeq: 11 + grows }]);
      assert.deepEqual(trouble, []);
      maintenance.dispose();
    });
  }

  it('accepts a damaged anchor when the user says so and detects the next cut', async () => {
    const { maintenance, append, anchoredAt, db, faults, trail, signedFile, clock, trouble } =
      await keptWindow();
    await append(1);
    await trail.anchor();
    await append(8);
    await anchoredAt(10);
    // A power cut can leave such a file.
    writeFileSync(signedFile, '\0'.repeat(90));
    await append(1);
    await clock.advance(2_000);
    await until(() => trouble.length > 0);
    assert.match(String(trouble[0]), /is damaged, .* Use Callguard: Verify Audit Trail/);
    assert.deepEqual(await faults(), [{ kind: 'brokenAnchor' }]);
    await trail.accept();
    assert.deepEqual(await faults(), []);
    await append(1);
    await anchoredAt(13);
    db.exec('DELETE FROM audit_row WHERE seq > 11');
    assert.deepEqual(await faults(), [{ kind: 'cutTail', fromSeq: 12, toSeq: 13 }]);
    maintenance.dispose();
  });

  it('does not change a trail that contains the anchored row, even if the user accepts it', async () => {
    const { maintenance, append, anchoredAt, trail, store } = await keptWindow();
    await append(1);
    await trail.accept();
    await trail.anchor();
    await anchoredAt(2);
    await append(1);
    await trail.accept();
    assert.equal(store.audit.head()?.seq, 3);
    maintenance.dispose();
  });

  it('drops old rows and moves an anchor that was among them', async () => {
    const { maintenance, append, anchoredAt, clock, store, trail, trouble, faults } = await keptWindow();
    await append(1);
    await trail.anchor();
    await append(8);
    await anchoredAt(10);
    clock.sleepMachine(91 * dayMs);
    await append(5);
    await clock.advance(60_000);
    await until(() => store.audit.after(0, 1)[0]?.kind === 'checkpoint');
    await anchoredAt(15);
    assert.deepEqual(await faults(), []);
    clock.sleepMachine(91 * dayMs);
    await clock.advance(6 * 3_600_000);
    await until(() => store.audit.after(0, 1)[0]?.seq === 14);
    await append(1);
    await anchoredAt(16);
    assert.deepEqual([await faults(), trouble], [[], []]);
    maintenance.dispose();
  });

  it('reports no trouble when the ledger is closed during its work', async () => {
    const { maintenance, append, anchoredAt, clock, file, dispose, store, transactions, trouble } =
      await keptWindow();
    // The anchor writes rows of its own. It must have ended before the other window takes the lock.
    await append(1);
    await anchoredAt(1);
    await until(() => store.audit.head()?.seq === 2);
    await anchoredAt(2);
    const { db: other } = await openWindow(file, clock);
    other.exec('BEGIN IMMEDIATE');
    await clock.advance(56_000);
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
    const { append, anchoredAt, close, anchorFile, signedFile, file, clock } = await keptWindow();
    await append(3);
    await anchoredAt(3);
    close();
    writeFileSync(file, 'no database at all, and long enough to be taken for one'.repeat(100));
    const started = await startLedger({
      ...{ file, anchorFile, clock, timeZone: 'UTC', random: { next: () => 0.5 } },
      ...{ auditKey: () => auditKey, ring: testRing, secrets: createMemorySecrets() },
      settings: defaultLedgerSettings,
      onTrouble: (error) => {
        throw error;
      },
    });
    assert.notEqual(started.setAside, undefined);
    assert.ok(!existsSync(signedFile));
    started.dispose();
  });
});
