import assert from 'node:assert/strict';
import { createSecretKey, randomUUID } from 'node:crypto';
import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { createMemorySecrets } from '../../../src/headless/memory-secrets.ts';
import { readAnchor, signedAnchorFile } from '../../../src/ledger/audit/audit-anchor.ts';
import { unsigned, type AuditKey } from '../../../src/ledger/audit/audit-key.ts';
import { genesisMac, rowMac } from '../../../src/ledger/audit/audit-trail.ts';
import { TrailKeeper, type TrailKeeperOptions } from '../../../src/ledger/audit/trail-keeper.ts';
import type { WitnessStore } from '../../../src/ledger/audit/audit-witness.ts';
import { defaultLedgerSettings } from '../../../src/ledger/ledger-settings.ts';
import { Maintenance } from '../../../src/ledger/maintenance.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { testKeys, testRing } from '../../support/open-ledger.ts';
import { folder, noonMs, openWindow } from './ledger-fixture.ts';
import { auditKey } from './ledger-requests.ts';

/** What outlives a window: its folder, its secret storage and the time. */
export interface Machine {
  readonly home: string;
  readonly secrets: WitnessStore;
  readonly clock: FakeClock;
}

export function newMachine(): Machine {
  return { home: folder(), secrets: createMemorySecrets(), clock: new FakeClock(noonMs) };
}

/** Waits for a result on the disk. */
export async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await isSo())) await setImmediate();
}

/** A window with maintenance. Two windows on the same machine share its ledger. */
export async function keptWindow(
  machine = newMachine(),
  key: () => AuditKey = () => auditKey,
  ring: TrailKeeperOptions['ring'] = testRing,
) {
  const { home, secrets, clock } = machine;
  const [file, anchorFile] = [path.join(home, 'ledger.db'), path.join(home, 'anchor.json')];
  const window = await openWindow(file, clock, { auditKey: key });
  const trouble: unknown[] = [];
  const { store, tables, transactions } = window;
  const trail = new TrailKeeper({
    ...{ store, file, anchorFile, secrets, clock },
    ...{ auditKey: key, ring },
  });
  const maintenance = new Maintenance({
    ...{ tables, transactions, clock, trail },
    retention: defaultLedgerSettings,
    onTrouble: (error) => trouble.push(error),
  });
  /** No two rows are equal, as in a real trail. */
  const append = (rows: number) =>
    transactions.write(({ nowMs }) => {
      for (let n = 0; n < rows; n++) tables.audit.append(nowMs, 'key', { id: randomUUID() });
    });
  const anchor = () => readAnchor(signedAnchorFile(anchorFile), testKeys);
  const anchoredAt = async (seq: number) => {
    await clock.advance(2_000);
    await until(async () => {
      const found = await anchor();
      return found.kind === 'signed' && found.row.seq === seq;
    });
  };
  const faults = async () => (await trail.verify()).faults;
  const close = () => {
    maintenance.dispose();
    window.dispose();
  };
  return {
    ...{ ...window, machine, file, anchorFile, signedFile: signedAnchorFile(anchorFile), maintenance, trail },
    ...{ trouble, append, anchor, anchoredAt, faults, close },
  };
}

export type Kept = Awaited<ReturnType<typeof keptWindow>>;

/** A window whose trail of 10 rows has a signed anchor. */
export async function signedWindow(...options: Parameters<typeof keptWindow>): Promise<Kept> {
  const window = await keptWindow(...options);
  await window.append(1);
  await window.trail.anchor();
  await window.append(8);
  await window.trail.anchor();
  return window;
}

/** Puts a checkpoint that an attacker can sign in the place of all rows but the last. */
export function forgeCheckpoint({ db, store }: Kept, { id: keyId, key } = unsigned): void {
  const [replaced, head] = store.audit.after(0, 99).slice(-2);
  assert.ok(replaced !== undefined && head !== undefined);
  const { seq, atMs } = replaced;
  const body = JSON.stringify({ droppedMs: 1, lastMac: Buffer.from(replaced.mac).toString('hex') });
  const row = { seq, atMs, kind: 'checkpoint', body, keyId };
  const mac = rowMac(createSecretKey(key), genesisMac, row);
  db.exec(`DELETE FROM audit_row WHERE seq < ${head.seq}`);
  db.prepare('INSERT INTO audit_row VALUES (?, ?, ?, ?, ?, ?)').run(
    ...[seq, atMs, row.kind, body, keyId, mac],
  );
}

/** A copy of everything in the machine's folder. The window must be closed. */
export function copyOf({ home }: Machine): () => void {
  const copy = folder();
  cpSync(home, copy, { recursive: true });
  return () => {
    rmSync(home, { recursive: true });
    cpSync(copy, home, { recursive: true });
  };
}
