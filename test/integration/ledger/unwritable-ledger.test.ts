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

/** Another program that keeps the ledger locked until it is told. */
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

describe('a ledger that cannot be written', () => {
  letGoAfterEach();

  it('waits 2 s for other windows, and keeps a hold for 10 min, unless told otherwise', () => {
    const { patienceMs, holdMs } = defaultLedgerSettings;
    assert.deepEqual({ patienceMs, holdMs }, { patienceMs: 2_000, holdMs: 600_000 });
  });

  it('refuses a call when another window has locked it past the patience', async () => {
    const file = path.join(folder(), 'ledger.db');
    const window = await openWindow(file, systemClock, { patienceMs: 50 });
    const other = lock(file);
    assert.match(await refusedByLedger(window), /another window has locked it/);
    other.exec('ROLLBACK');
    other.close();
    await admitted(window);
  });

  it('lets a call through when the lock is gone within the patience', async () => {
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

  it('refuses every call that waited too long, not only the first', async () => {
    const file = path.join(folder(), 'ledger.db');
    const window = await openWindow(file, systemClock, { patienceMs: 50 });
    const other = lock(file);
    const kinds = await Promise.all([1, 2, 3].map(async () => (await refused(window)).kind));
    assert.deepEqual(kinds, ['ledger', 'ledger', 'ledger']);
    other.close();
  });

  it('does not lose a settlement to a lock that lasts longer than an admission waits', async () => {
    const file = path.join(folder(), 'ledger.db');
    const window = await openWindow(file, systemClock, { patienceMs: 50 });
    const admission = await admitted(window);
    const other = lock(file);
    const settled = window.ledger.settle(admission, completed());
    // Refused in the meantime, though it stands behind the settlement, which goes on waiting.
    assert.match(await refusedByLedger(window), /another window has locked it/);
    other.exec('ROLLBACK');
    other.close();
    await settled;
    const { requests, heldRequests } = totals(window);
    assert.deepEqual([requests, heldRequests], [1, 0]);
  });

  it('refuses a call when it is read-only', async () => {
    const window = await freshWindow();
    window.db.exec('PRAGMA query_only = 1');
    assert.match(await refusedByLedger(window), /readonly/);
    window.db.exec('PRAGMA query_only = 0');
    await admitted(window);
  });

  it('refuses a call when the disk is full, and counts nothing of it', async () => {
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

  it('refuses a call when its network drive fails, and says which setting helps', async () => {
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

  it('says so to who settles, and the hold stays until it expires', async () => {
    const window = await freshWindow();
    const admission = await admitted(window);
    window.db.exec('PRAGMA query_only = 1');
    await assert.rejects(window.ledger.settle(admission, completed()), LedgerError);
    window.db.exec('PRAGMA query_only = 0');
    assert.equal(totals(window).heldRequests, 1);
  });

  it('refuses a call at once after it was closed', async () => {
    const window = await freshWindow();
    window.dispose();
    await assert.rejects(window.ledger.admit(request()), /not open/);
  });

  it('keeps the work of others when one piece of work fails', async () => {
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
