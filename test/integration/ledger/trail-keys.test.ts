import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { anchorOf, writeAnchor } from '../../../src/ledger/audit/audit-anchor.ts';
import type { AuditKey } from '../../../src/ledger/audit/audit-key.ts';
import { createFile } from '../../../src/shared/atomic-file.ts';
import { KeyRing } from '../../../src/vault/key-ring.ts';
import { MasterKey } from '../../../src/vault/master-key.ts';
import { forgeCheckpoint, keptWindow, newMachine, signedWindow, until, type Kept } from './kept-window.ts';
import { letGoAfterEach } from './ledger-fixture.ts';

describe('TrailKeeper with a master key in the environment', () => {
  letGoAfterEach();

  const [first, second] = [MasterKey.generate(), MasterKey.generate()];

  /** A ring whose file an attacker can replace. */
  async function machineWith(...previous: MasterKey[]) {
    const machine = newMachine();
    const file = path.join(machine.home, 'ring.json');
    const ring = new KeyRing({
      file,
      env: {
        LLM_SECRET_KEY: first.reveal(),
        LLM_PREVIOUS_KEYS: previous.map((key) => key.reveal()).join(','),
      },
      requireEnvironmentKey: () => false,
    });
    await createFile(file, JSON.stringify({ v: 1, current: second.reveal(), previous: [], retired: [] }));
    return { machine, ring };
  }
  const keyOf = ({ kid, auditKey }: MasterKey): AuditKey => ({ id: kid, key: auditKey });

  it('does not take an anchor that was signed with a key from the ring file', async () => {
    const { machine, ring } = await machineWith();
    const window = await signedWindow(machine, () => keyOf(first), ring);
    window.db.exec('DELETE FROM audit_row WHERE seq > 7');
    const head = window.store.audit.head();
    assert.ok(head !== undefined);
    await writeAnchor(anchorOf(head), keyOf(second), window.anchorFile, window.file);
    assert.deepEqual(await window.faults(), [{ kind: 'unknownAnchorKey', keyId: second.kid }]);
  });

  it('does not vouch for rows and checkpoints that were signed with a key from the ring file', async () => {
    const { machine, ring } = await machineWith();
    const window = await signedWindow(machine, () => keyOf(first), ring);
    forgeCheckpoint(window, keyOf(second));
    const { faults, unsignedRows, canAccept } = await window.trail.verify();
    assert.deepEqual([faults, unsignedRows, canAccept], [[{ kind: 'unsignedCheckpoint', seq: 9 }], 1, true]);
  });

  it('signs a checkpoint and the anchor again while the key of the ring file is in LLM_PREVIOUS_KEYS', async () => {
    const { machine, ring } = await machineWith(second);
    const before = await signedWindow(machine, () => keyOf(second), ring);
    before.clock.sleepMachine(91 * 86_400_000);
    await before.append(5);
    await before.trail.anchor();
    await before.clock.advance(60_000);
    await until(() => before.store.audit.after(0, 1)[0]?.kind === 'checkpoint');
    before.close();
    const after = await keptWindow(machine, () => keyOf(first), ring);
    await after.append(1);
    await after.trail.anchor();
    assert.equal(after.store.audit.after(0, 1)[0]?.keyId, first.kid);
    after.close();
    const { ring: without } = await machineWith();
    const later = await keptWindow(machine, () => keyOf(first), without);
    assert.deepEqual(await later.faults(), []);
  });
});

describe('TrailKeeper after an update', () => {
  letGoAfterEach();

  /** A trail and its anchor as the first version leaves them. */
  async function olderWindow(cut: number): Promise<Kept> {
    const window = await keptWindow();
    await window.append(10);
    const head = window.store.audit.head();
    writeFileSync(window.anchorFile, JSON.stringify(head && anchorOf(head)));
    window.db.exec(`DELETE FROM audit_row WHERE seq > ${10 - cut}`);
    return window;
  }

  it('takes over the anchor of a sound trail', async () => {
    const { append, trail, faults, anchorFile, signedFile } = await olderWindow(0);
    assert.deepEqual([await faults(), (await trail.verify()).isAnchorSigned], [[], false]);
    await append(1);
    await trail.anchor();
    assert.deepEqual([await faults(), (await trail.verify()).isAnchorSigned], [[], true]);
    assert.deepEqual([existsSync(anchorFile), existsSync(signedFile)], [false, true]);
  });

  it('does not sign an anchor for a trail that was truncated before', async () => {
    const { append, trail, faults, signedFile } = await olderWindow(3);
    await append(1);
    await assert.rejects(trail.anchor(), /no longer contains its anchored row/);
    assert.deepEqual(await faults(), [{ kind: 'cutTail', fromSeq: 9, toSeq: 10 }]);
    assert.ok(!existsSync(signedFile));
  });
});
