import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Bench, Contender } from './bench.ts';
import { callOf, hear } from '../support/guard-fixture.ts';
import { openTestLedger, type TestLedger } from '../support/open-ledger.ts';
import { guardOver } from './instant.ts';

const rowsOfAFullLedger = 1_000_000;

/** `guard.run` with an instant sender: what is left is the guard, admit, settle and the audit row. */
function guarded(name: string, { ledger }: TestLedger): Contender {
  const caps = [{ kind: 'requestsPerDay', limit: 1e9, scope: { provider: 'acme' } } as const];
  const guard = guardOver(ledger, { caps });
  return { name, once: () => hear(guard.run(callOf())) };
}

async function fill(opened: TestLedger): Promise<void> {
  const { store, tables, transactions } = opened;
  await guarded('filler', opened).once();
  const call = JSON.parse(store.audit.latest('call', 1)[0]?.body ?? '{}') as object;
  await transactions.write(({ nowMs }) => {
    for (let n = 0; n < rowsOfAFullLedger; n++) tables.audit.append(nowMs, 'call', call);
  });
}

function inFolder(
  prepare: (folder: string) => Promise<{ ours: Contender; peers: Contender[]; opened: TestLedger[] }>,
) {
  return async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'callguard-bench-'));
    const { ours, peers, opened } = await prepare(folder);
    const dispose = () => {
      for (const ledger of opened) ledger.dispose();
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
      const opened = await openTestLedger(path.join(folder, 'ledger.db'));
      return { ours: guarded('callguard', opened), peers: [], opened: [opened] };
    }),
  },
  {
    name: 'guard.run, ledger with 1,000,000 audit rows',
    unit: 'µs',
    goal: { atMost: 1.2, timesPeer: 'empty ledger' },
    prepare: inFolder(async (folder) => {
      const full = await openTestLedger(path.join(folder, 'full.db'));
      await fill(full);
      const empty = await openTestLedger(path.join(folder, 'empty.db'));
      return {
        ours: guarded('callguard', full),
        peers: [guarded('empty ledger', empty)],
        opened: [full, empty],
      };
    }),
  },
];
