import assert from 'node:assert/strict';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describeRefusal } from '../../../src/guard/refusal.ts';
import { LedgerError } from '../../../src/ledger/db/ledger-error.ts';
import { defaultLedgerSettings } from '../../../src/ledger/ledger-settings.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import {
  admitted,
  folder,
  freshWindow,
  letGoAfterEach,
  openWindow,
  refused,
  totals,
  type Window,
} from './ledger-fixture.ts';
import { completed, request } from './ledger-requests.ts';

/** Locks the ledger, like another program, until the caller closes it. */
function lock(file: string): DatabaseSync {
  const other = new DatabaseSync(file, { timeout: 1_000 });
  other.exec('BEGIN IMMEDIATE');
  return other;
}

async function refusedByLedger(window: Window): Promise<string> {
  const refusal = await refused(window);
  assert.equal(refusal.kind, 'ledger');
  return describeRefusal(refusal, 0);
}

describe('SqliteLedger on a ledger that cannot be written', () => {
  letGoAfterEach();

  it('waits 2 s for other windows and keeps a hold for 10 min by default', () => {
    const { patienceMs, holdMs } = defaultLedgerSettings;
    assert.deepEqual({ patienceMs, holdMs }, { patienceMs: 2_000, holdMs: 600_000 });
  });

  it('refuses a call when another window keeps the lock longer than the patience', async () => {
    const file = path.join(folder(), 'ledger.db');
    const window = await openWindow(file, systemClock, { patienceMs: 50 });
    const other = lock(file);
    assert.match(await refusedByLedger(window), /another window has locked it/);
    other.exec('ROLLBACK');
    other.close();
    await admitted(window);
  });

  it('admits a call when the lock is freed within the patience', async () => {
    const file = path.join(folder(), 'ledger.db');
    const window = await openWindow(file, systemClock, { patienceMs: 60_000 });
    const other = lock(file);
    const admission = admitted(window);
    systemClock.after(50, () => {
      other.exec('ROLLBACK');
      other.close();
    });
    await admission;
    assert.equal(totals(window).heldRequests, 1);
  });

  it('refuses every call that waited too long', async () => {
    const file = path.join(folder(), 'ledger.db');
    const window = await openWindow(file, systemClock, { patienceMs: 50 });
    const other = lock(file);
    const kinds = await Promise.all([1, 2, 3].map(async () => (await refused(window)).kind));
    assert.deepEqual(kinds, ['ledger', 'ledger', 'ledger']);
    other.close();
  });

  it('keeps a settlement when a lock lasts longer than an admission waits', async () => {
    const file = path.join(folder(), 'ledger.db');
    const window = await openWindow(file, systemClock, { patienceMs: 50 });
    const admission = await admitted(window);
    const other = lock(file);
    const settled = window.ledger.settle(admission, completed());
    // This call is refused although it is behind the settlement in the queue, which still waits.
    assert.match(await refusedByLedger(window), /another window has locked it/);
    other.exec('ROLLBACK');
    other.close();
    await settled;
    const { requests, heldRequests } = totals(window);
    assert.deepEqual([requests, heldRequests], [1, 0]);
  });

  it('refuses a call when the file is read-only', async () => {
    const window = await freshWindow();
    window.db.exec('PRAGMA query_only = 1');
    assert.match(await refusedByLedger(window), /readonly/);
    window.db.exec('PRAGMA query_only = 0');
    await admitted(window);
  });

  it('refuses a call when the disk is full and does not count it', async () => {
    const window = await freshWindow();
    const pages = Number(window.db.prepare('PRAGMA page_count').get()?.['page_count']);
    window.db.exec(`PRAGMA max_page_count = ${pages}`);
    // More than fits into the pages that are there.
    const model = 'x'.repeat(200_000);
    const full = await refused(window, { target: { provider: 'acme', model } });
    assert.match(full.kind === 'ledger' ? full.problem : '', /full/);
    assert.equal(totals(window).heldRequests, 0);
    window.db.exec('PRAGMA max_page_count = 1000000');
    await admitted(window);
    assert.equal(totals(window).heldRequests, 1);
  });

  it('refuses a call when the network drive fails and names the setting to change', async () => {
    const window = await freshWindow();
    const exec = window.db.exec.bind(window.db);
    window.db.exec = (sql) => {
      if (sql === 'COMMIT') throw Object.assign(new Error('disk I/O error'), { errcode: 10 });
      exec(sql);
    };
    assert.match(
      await refusedByLedger(window),
      /disk I\/O error\. .* choose a folder on a local disk in callguard\.ledgerFolder/,
    );
    window.db.exec = exec;
    await admitted(window);
    assert.equal(totals(window).heldRequests, 1);
  });

  it('rejects a settlement and keeps the hold until it expires', async () => {
    const window = await freshWindow();
    const admission = await admitted(window);
    window.db.exec('PRAGMA query_only = 1');
    await assert.rejects(window.ledger.settle(admission, completed()), LedgerError);
    window.db.exec('PRAGMA query_only = 0');
    assert.equal(totals(window).heldRequests, 1);
  });

  it('rejects a call after the ledger was closed', async () => {
    const window = await freshWindow();
    window.dispose();
    await assert.rejects(window.ledger.admit(request()), /not open/);
  });

  it('keeps the other writes of a batch when one of them throws', async () => {
    const window = await freshWindow();
    const [before, broken, after] = await Promise.allSettled([
      window.ledger.admit(request()),
      window.transactions.write(() => {
        throw new Error('a bug');
      }),
      window.ledger.admit(request()),
    ]);
    assert.deepEqual([before.status, broken.status, after.status], ['fulfilled', 'rejected', 'fulfilled']);
    assert.equal(totals(window).heldRequests, 2);
  });
});
