import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createSecretKey } from 'node:crypto';
import { anchorOf } from '../../../src/ledger/audit/audit-anchor.ts';
import { unsigned } from '../../../src/ledger/audit/audit-key.ts';
import { genesisMac, rowMac } from '../../../src/ledger/audit/audit-trail.ts';
import { setImmediate } from 'node:timers/promises';
import { bodyOf } from '../../../src/observe/audit-text.ts';
import { copyOf, keptWindow, newMachine, until, type Machine } from './kept-window.ts';
import { letGoAfterEach } from './ledger-fixture.ts';

type Kept = Awaited<ReturnType<typeof keptWindow>>;

/** A window whose trail of 10 rows has a signed anchor. */
async function signedWindow(machine?: Machine): Promise<Kept> {
  const window = await keptWindow(machine);
  await window.append(1);
  await window.trail.anchor();
  await window.append(8);
  await window.trail.anchor();
  return window;
}

/** The same, with row 10 in the secret storage. */
async function witnessedWindow(machine?: Machine): Promise<Kept> {
  const window = await signedWindow(machine);
  await window.trail.raiseWitness();
  return window;
}

/** Puts an unsigned checkpoint in the place of all rows but the last. */
function forgeCheckpoint({ db, store }: Kept): void {
  const [replaced, head] = store.audit.after(0, 99).slice(-2);
  assert.ok(replaced !== undefined && head !== undefined);
  const { seq, atMs } = replaced;
  const body = JSON.stringify({ droppedMs: 1, lastMac: Buffer.from(replaced.mac).toString('hex') });
  const row = { seq, atMs, kind: 'checkpoint', body, keyId: unsigned.id };
  const mac = rowMac(createSecretKey(unsigned.key), genesisMac, row);
  db.exec(`DELETE FROM audit_row WHERE seq < ${head.seq}`);
  db.prepare('INSERT INTO audit_row VALUES (?, ?, ?, ?, ?, ?)').run(
    ...[seq, atMs, row.kind, body, row.keyId, mac],
  );
}

describe('TrailKeeper against an attacker who can write files', () => {
  letGoAfterEach();

  it('verifies a trail that was not changed', async () => {
    const { trail } = await witnessedWindow();
    const { rows, faults, isAnchorSigned, isWitnessRead, canAccept } = await trail.verify();
    assert.deepEqual(
      { rows, faults, isAnchorSigned, isWitnessRead, canAccept },
      { rows: 10, faults: [], isAnchorSigned: true, isWitnessRead: true, canAccept: false },
    );
  });

  const rewrites: [what: string, rewrite: (window: Kept) => void, fault: object][] = [
    [
      'rewritten to the new end, with the old signature',
      ({ signedFile, store }) => {
        const old = JSON.parse(readFileSync(signedFile, 'utf8')) as object;
        const head = store.audit.head();
        writeFileSync(signedFile, JSON.stringify({ ...old, ...(head && anchorOf(head)) }));
      },
      { kind: 'forgedAnchor' },
    ],
    [
      'rewritten without a signature',
      ({ signedFile, store }) => {
        const head = store.audit.head();
        writeFileSync(signedFile, JSON.stringify(head && anchorOf(head)));
      },
      { kind: 'unsignedAnchor' },
    ],
    [
      'rewritten under the key that is used without a master key',
      ({ signedFile, store }) => {
        const head = store.audit.head();
        const signature = 'ab'.repeat(32);
        writeFileSync(
          signedFile,
          JSON.stringify({ ...(head && anchorOf(head)), keyId: unsigned.id, signature }),
        );
      },
      { kind: 'unknownAnchorKey', keyId: unsigned.id },
    ],
    [
      'replaced by one of the first version, in its file',
      ({ signedFile, anchorFile, store }) => {
        const head = store.audit.head();
        rmSync(signedFile);
        writeFileSync(anchorFile, JSON.stringify(head && anchorOf(head)));
      },
      { kind: 'missingAnchor' },
    ],
    [
      'deleted',
      ({ signedFile }) => {
        rmSync(signedFile);
      },
      { kind: 'missingAnchor' },
    ],
    [
      'damaged',
      ({ signedFile }) => {
        writeFileSync(signedFile, '{');
      },
      { kind: 'brokenAnchor' },
    ],
  ];
  for (const [what, rewrite, fault] of rewrites) {
    it(`finds a truncated trail whose anchor was ${what}, also after the trail grew again`, async () => {
      const window = await signedWindow();
      window.db.exec('DELETE FROM audit_row WHERE seq > 7');
      rewrite(window);
      assert.deepEqual(await window.faults(), [fault]);
      const before = readFileOrNothing(window.signedFile);
      await window.append(5);
      await window.clock.advance(2_000);
      await until(() => window.trouble.length > 0);
      assert.match(String(window.trouble[0]), /Use Callguard: Verify Audit Trail/);
      assert.deepEqual([await window.faults(), readFileOrNothing(window.signedFile)], [[fault], before]);
      assert.ok((await window.trail.verify()).canAccept);
      window.maintenance.dispose();
    });
  }

  it('finds a truncated trail whose anchor was deleted after the row that says it is signed was dropped', async () => {
    const { append, clock, store, maintenance, signedFile, trail, faults, db } = await signedWindow();
    clock.sleepMachine(91 * 86_400_000);
    await append(5);
    await trail.anchor();
    await clock.advance(60_000);
    await until(() => store.audit.after(0, 1)[0]?.kind === 'checkpoint');
    db.exec('DELETE FROM audit_row WHERE seq > 12');
    rmSync(signedFile);
    assert.deepEqual((await faults()).at(-1), { kind: 'missingAnchor' });
    maintenance.dispose();
  });

  it('is not misled by an unsigned row that follows the signed one about the anchor', async () => {
    const { db, store, signedFile, faults } = await signedWindow();
    const head = store.audit.head();
    assert.ok(head !== undefined);
    const row = { seq: 11, atMs: head.atMs, kind: 'anchorFormat', body: '{}', keyId: unsigned.id };
    const mac = rowMac(createSecretKey(unsigned.key), head.mac, row);
    db.prepare('INSERT INTO audit_row VALUES (?, ?, ?, ?, ?, ?)').run(
      ...[row.seq, row.atMs, row.kind, row.body, row.keyId, mac],
    );
    rmSync(signedFile);
    assert.deepEqual(await faults(), [{ kind: 'missingAnchor' }]);
  });

  it('finds a forged checkpoint in the place of all rows but the last', async () => {
    const window = await signedWindow();
    forgeCheckpoint(window);
    assert.deepEqual(await window.faults(), [{ kind: 'unsignedCheckpoint', seq: 9 }]);
  });

  it('finds a forged checkpoint that has no signature of a row', async () => {
    const window = await signedWindow();
    forgeCheckpoint(window);
    const row = { seq: 9, atMs: 1, kind: 'checkpoint', body: 'broken', keyId: unsigned.id };
    const mac = rowMac(createSecretKey(unsigned.key), genesisMac, row);
    window.db.prepare('UPDATE audit_row SET at_ms = 1, body = ?, mac = ? WHERE seq = 9').run(row.body, mac);
    assert.deepEqual((await window.faults())[0], { kind: 'unsignedCheckpoint', seq: 9 });
  });

  it('shows by the secret storage that the whole folder was rolled back, also after the trail grew again', async () => {
    const machine = newMachine();
    const first = await signedWindow(machine);
    first.close();
    const rollBack = copyOf(machine);
    const second = await keptWindow(machine);
    await second.append(5);
    await second.trail.anchor();
    await second.trail.raiseWitness();
    second.close();
    rollBack();
    const third = await keptWindow(machine);
    assert.deepEqual(await third.faults(), [{ kind: 'rolledBack', seq: 15 }]);
    await third.append(9);
    await third.trail.anchor();
    assert.deepEqual(await third.faults(), [{ kind: 'rolledBack', seq: 15 }]);
    await assert.rejects(third.trail.raiseWitness(), /does not contain row 15/);
    assert.deepEqual(await third.faults(), [{ kind: 'rolledBack', seq: 15 }]);
  });

  it('shows that the folder was rolled back to before its anchor was signed', async () => {
    const machine = newMachine();
    const first = await keptWindow(machine);
    await first.append(3);
    first.close();
    const rollBack = copyOf(machine);
    const second = await signedWindow(machine);
    await second.trail.raiseWitness();
    second.close();
    rollBack();
    const third = await keptWindow(machine);
    assert.equal((await third.faults())[0]?.kind, 'rolledBack');
    await third.append(1);
    await third.trail.anchor();
    assert.equal((await third.faults())[0]?.kind, 'rolledBack');
  });

  it('continues a trail that was rolled back when the user accepts it, and records both ends', async () => {
    const machine = newMachine();
    const first = await witnessedWindow(machine);
    first.db.exec('DELETE FROM audit_row WHERE seq > 7');
    assert.equal(await first.trail.accept(), true);
    assert.deepEqual(await first.faults(), []);
    const [row] = first.store.audit.latest('user', 1);
    const { act, lostSeq, witnessSeq } = bodyOf(row ?? { body: '' }) ?? {};
    assert.deepEqual([act, lostSeq, witnessSeq], ['acceptCut', 10, 10]);
    await first.append(1);
    await first.trail.anchor();
    await first.trail.raiseWitness();
    first.db.exec('DELETE FROM audit_row WHERE seq > 8');
    assert.deepEqual(
      (await first.faults()).map(({ kind }) => kind),
      ['cutTail', 'rolledBack'],
    );
  });

  it('does not accept a trail without a master key to sign its anchor with', async () => {
    const machine = newMachine();
    const first = await signedWindow(machine);
    rmSync(first.signedFile);
    first.close();
    const second = await keptWindow(machine, () => unsigned);
    const before = second.store.audit.head()?.seq;
    assert.equal(await second.trail.accept(), false);
    assert.equal(second.store.audit.head()?.seq, before);
  });
});

describe('TrailKeeper and the secret storage', () => {
  letGoAfterEach();

  const [name, rowOf] = ['callguard.auditWitness.', (text = '') => JSON.parse(text) as { seq: number }];

  /** A storage that counts what is written, and may stop to answer. */
  function countingSecrets() {
    const rows = new Map<string, string>();
    const writes: string[] = [];
    const state = { answers: true };
    const never = () => new Promise<never>(() => undefined);
    return {
      ...{ rows, writes, state },
      get: (key: string) => (state.answers ? Promise.resolve(rows.get(key)) : never()),
      set: (key: string, value: string) => {
        if (!state.answers) return never();
        writes.push(value);
        rows.set(key, value);
        return Promise.resolve();
      },
    };
  }

  it('finds no fault without a witness, and with one of another ledger', async () => {
    const machine = newMachine();
    const first = await witnessedWindow(machine);
    await first.append(20);
    await first.trail.anchor();
    first.clock.sleepMachine(60_000);
    await first.trail.raiseWitness();
    first.close();
    for (const file of [first.file, `${first.file}-wal`, `${first.file}-shm`, first.signedFile])
      rmSync(file, { force: true });
    const another = await signedWindow(machine);
    assert.deepEqual(await another.faults(), []);
    await another.trail.raiseWitness();
    assert.deepEqual(await another.faults(), []);
  });

  it('is written at most once a minute, over all windows, and only for rows that are anchored', async () => {
    const secrets = countingSecrets();
    const machine = { ...newMachine(), secrets };
    const windows = [await keptWindow(machine), await keptWindow(machine)];
    for (let second = 0; second < 300; second++) {
      await windows[second % 2]?.append(1);
      await machine.clock.advance(1_000);
      for (const { trail } of windows) await trail.anchor();
      for (let turn = 0; turn < 20; turn++) await setImmediate();
    }
    for (const { maintenance, trouble } of windows) {
      maintenance.dispose();
      assert.deepEqual(trouble, []);
    }
    assert.ok(secrets.writes.length >= 4 && secrets.writes.length <= 5, `${secrets.writes.length} writes`);
    const seqs = secrets.writes.map((text) => rowOf(text).seq);
    assert.deepEqual(
      seqs,
      seqs.toSorted((a, b) => a - b),
    );
  });

  it('is written at shutdown', async () => {
    const secrets = countingSecrets();
    const { append, trail, store } = await keptWindow({ ...newMachine(), secrets });
    await append(1);
    await trail.anchor();
    await append(3);
    await trail.finish();
    assert.deepEqual(
      secrets.writes.map((text) => rowOf(text).seq),
      [store.audit.head()?.seq],
    );
  });

  it('is only raised', async () => {
    const secrets = countingSecrets();
    const machine = { ...newMachine(), secrets };
    const one = await signedWindow(machine);
    const other = await keptWindow(machine);
    await other.append(5);
    await other.trail.anchor();
    await other.trail.finish();
    await one.trail.raiseWitness();
    assert.deepEqual(
      secrets.writes.map((text) => rowOf(text).seq),
      [15],
    );
    assert.deepEqual(
      [...secrets.rows.keys()].map((key) => key.startsWith(name)),
      [true],
    );
  });

  it('that does not answer costs 5 s, is reported, and is not asked again', async () => {
    const secrets = countingSecrets();
    const window = await signedWindow({ ...newMachine(), secrets });
    secrets.state.answers = false;
    let late = false;
    const raising = assert.rejects(window.trail.raiseWitness(), /secret storage does not answer/).then(() => {
      late = true;
    });
    await window.clock.advance(4_999);
    assert.equal(late, false);
    await window.clock.advance(1);
    await raising;
    await window.trail.raiseWitness();
    const timers = window.clock.pendingTimers;
    const verifying = window.trail.verify();
    await until(() => window.clock.pendingTimers > timers);
    await window.clock.advance(5_000);
    const { faults, isWitnessRead } = await verifying;
    assert.deepEqual([faults, isWitnessRead], [[], false]);
  });

  it('that fails to read leaves the rest of the verification', async () => {
    const secrets = { get: () => Promise.reject(new Error('locked')), set: () => Promise.resolve() };
    const { trail } = await signedWindow({ ...newMachine(), secrets });
    const { faults, isWitnessRead } = await trail.verify();
    assert.deepEqual([faults, isWitnessRead], [[], false]);
  });
});

function readFileOrNothing(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
