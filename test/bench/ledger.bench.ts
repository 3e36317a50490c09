import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Bench, Contender } from './bench.ts';
import { openLedger } from '../../src/ledger/db/open-database.ts';
import { SqliteLedger } from '../../src/ledger/sqlite-ledger.ts';
import { defaultLedgerSettings } from '../../src/ledger/ledger-settings.ts';
import { LedgerStore } from '../../src/ledger/ledger-store.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { systemRandom } from '../../src/shared/random.ts';
import { callOf, hear } from '../support/guard-fixture.ts';
import { guardOver } from './instant.ts';

const rowsOfAFullLedger = 1_000_000;

async function openStore(folder: string, name: string): Promise<LedgerStore> {
  const options = {
    clock: systemClock,
    random: systemRandom,
    zone: 'UTC',
    auditKey: () => ({ id: 'key-1', key: Buffer.alloc(32, 7) }),
    ...defaultLedgerSettings,
    onTrouble: (error: unknown) => {
      throw error;
    },
  };
  const { db } = await openLedger(path.join(folder, name), systemClock);
  return new LedgerStore(db, options);
}

/** `guard.run` with an instant sender: what is left is the guard, admit, settle and the audit row. */
function guarded(name: string, store: LedgerStore): Contender {
  const ledger = new SqliteLedger(store, defaultLedgerSettings.holdMs);
  const caps = [{ kind: 'requestsPerDay', limit: 1e9, scope: { provider: 'acme' } } as const];
  const guard = guardOver(ledger, { caps });
  return { name, once: () => hear(guard.run(callOf())) };
}

async function fill(store: LedgerStore): Promise<void> {
  await guarded('filler', store).once();
  const call = JSON.parse(store.audit.latest('call', 1)[0]?.body ?? '{}') as object;
  await store.write(({ nowMs }) => {
    for (let n = 0; n < rowsOfAFullLedger; n++) store.audit.append(nowMs, 'call', call);
  });
}

function inFolder(
  prepare: (folder: string) => Promise<{ ours: Contender; peers: Contender[]; stores: LedgerStore[] }>,
) {
  return async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'callguard-bench-'));
    const { ours, peers, stores } = await prepare(folder);
    const dispose = () => {
      for (const store of stores) store.dispose();
      rmSync(folder, { recursive: true, force: true });
    };
    return { ours, peers, dispose };
  };
}

export const benches: Bench[] = [
  {
    name: 'guard.run, ledger in SQLite',
    unit: 'µs',
    goal: { atMost: 200 },
    prepare: inFolder(async (folder) => {
      const store = await openStore(folder, 'ledger.db');
      return { ours: guarded('callguard', store), peers: [], stores: [store] };
    }),
  },
  {
    name: 'guard.run, ledger with 1,000,000 audit rows',
    unit: 'µs',
    goal: { atMost: 1.2, timesPeer: 'empty ledger' },
    prepare: inFolder(async (folder) => {
      const full = await openStore(folder, 'full.db');
      await fill(full);
      const empty = await openStore(folder, 'empty.db');
      return {
        ours: guarded('callguard', full),
        peers: [guarded('empty ledger', empty)],
        stores: [full, empty],
      };
    }),
  },
];
