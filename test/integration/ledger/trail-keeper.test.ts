import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createSecretKey } from 'node:crypto';
import { anchorOf } from '../../../src/ledger/audit/audit-anchor.ts';
import { unsigned } from '../../../src/ledger/audit/audit-key.ts';
import { genesisMac, rowMac } from '../../../src/ledger/audit/audit-trail.ts';
import { bodyOf } from '../../../src/observe/audit-text.ts';
import {
  copyOf,
  forgeCheckpoint,
  keptWindow,
  newMachine,
  signedWindow,
  until,
  type Kept,
  type Machine,
} from './kept-window.ts';
import { letGoAfterEach } from './ledger-fixture.ts';

/** The same, with row 10 in the secret storage. */
async function witnessedWindow(machine: Machine): Promise<Kept> {
  const window = await signedWindow(machine);
  await window.trail.raiseWitness();
  return window;
}

describe('TrailKeeper against an attacker who can write files', () => {
  letGoAfterEach();

  it('verifies a trail that was not changed', async () => {
    const { trail } = await witnessedWindow(newMachine());
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
    assert.equal(await window.trail.accept(), true);
    assert.deepEqual(await window.faults(), []);
    const [row] = window.store.audit.latest('user', 1);
    assert.deepEqual(bodyOf(row ?? { body: '' }), { act: 'acceptCut', checkpointSeq: 9 });
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

function readFileOrNothing(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
