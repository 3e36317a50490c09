import { randomUUID } from 'node:crypto';
import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { createMemorySecrets } from '../../../src/headless/memory-secrets.ts';
import { readAnchor, signedAnchorFile } from '../../../src/ledger/audit/audit-anchor.ts';
import type { AuditKey } from '../../../src/ledger/audit/audit-key.ts';
import { TrailKeeper } from '../../../src/ledger/audit/trail-keeper.ts';
import type { WitnessStore } from '../../../src/ledger/audit/audit-witness.ts';
import { defaultLedgerSettings } from '../../../src/ledger/ledger-settings.ts';
import { Maintenance } from '../../../src/ledger/maintenance.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { testRing } from '../../support/open-ledger.ts';
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
export async function keptWindow(machine = newMachine(), key: () => AuditKey = () => auditKey) {
  const { home, secrets, clock } = machine;
  const [file, anchorFile] = [path.join(home, 'ledger.db'), path.join(home, 'anchor.json')];
  const window = await openWindow(file, clock, { auditKey: key });
  const trouble: unknown[] = [];
  const { store, tables, transactions } = window;
  const trail = new TrailKeeper({
    ...{ store, file, anchorFile, secrets, clock },
    ...{ auditKey: key, ring: testRing },
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
  const anchor = () =>
    readAnchor(signedAnchorFile(anchorFile), (id) => (id === auditKey.id ? auditKey.key : undefined));
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

/** A copy of everything in the machine's folder. The window must be closed. */
export function copyOf({ home }: Machine): () => void {
  const copy = folder();
  cpSync(home, copy, { recursive: true });
  return () => {
    rmSync(home, { recursive: true });
    cpSync(copy, home, { recursive: true });
  };
}
