import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { unattended } from '../../../scripts/unattended.ts';
import { composeCore } from '../../../src/compose-core.ts';
import { createMemorySecrets } from '../../../src/headless/memory-secrets.ts';
import { nothingOpen } from '../../../src/providers/rules/tenants.ts';
import { parseSettings } from '../../../src/settings/settings.ts';
import { keptWindow, newMachine, signedWindow, until } from './kept-window.ts';
import { folder, letGoAfterEach } from './ledger-fixture.ts';

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
    const first = await signedWindow(machine);
    await first.trail.raiseWitness();
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

  it('is left alone while no row is written', async () => {
    const secrets = countingSecrets();
    const { append, trail, maintenance, clock, transactions } = await keptWindow({
      ...newMachine(),
      secrets,
    });
    await append(1);
    await trail.anchor();
    await trail.anchor();
    let changes = 0;
    transactions.onDidChange(() => {
      changes += 1;
    });
    for (let minute = 0; minute < 10; minute++) {
      // Only what follows from the rows that were written before is left to do.
      if (minute === 3) changes = 0;
      await clock.advance(60_000);
      for (let turn = 0; turn < 50; turn++) await setImmediate();
    }
    assert.deepEqual([secrets.writes.length, changes], [1, 0]);
    maintenance.dispose();
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

  for (const [what, answers, expected] of [
    ['is raised when a window closes', true, 1],
    ['that does not answer does not keep a window from closing', false, 0],
  ] as const) {
    it(what, async () => {
      const secrets = countingSecrets();
      secrets.state.answers = answers;
      const current = parseSettings({ user: () => undefined, layers: () => [], folders: nothingOpen });
      const core = composeCore({
        ...{ ...unattended(), home: folder(), env: {} },
        secrets: { ...createMemorySecrets(), get: secrets.get, set: secrets.set },
        settings: { current, onDidChange: () => ({ dispose: () => undefined }) },
      });
      await (await core.ledger).override('acme', 'pause');
      const startMs = performance.now();
      await core.shutDown();
      assert.ok(performance.now() - startMs < 5_000);
      assert.equal(secrets.writes.length, expected);
      core.dispose();
    });
  }
});
