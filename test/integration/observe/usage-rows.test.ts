import assert from 'node:assert/strict';
import { LedgerError } from '../../../src/ledger/db/ledger-error.ts';
import { readUsageRows } from '../../../src/observe/usage-rows.ts';
import { freshWindow, letGoAfterEach } from '../ledger/ledger-fixture.ts';

describe('readUsageRows', () => {
  letGoAfterEach();

  it('reads across years, including months that were added up', async () => {
    const window = await freshWindow();
    const days = ['2024-11', '2024-12', '2025-12-01', '2025-12-31', '2026-01-01', '2026-02-28'];
    const insert = window.db.prepare(
      "INSERT INTO usage (day, provider, model, tenant, requests) VALUES (?, 'acme', 'small', 'default', 1)",
    );
    for (const day of days) insert.run(day);
    const rows = await readUsageRows(window.store);
    assert.deepEqual(
      rows.map(({ day }) => day),
      days,
    );
  });

  it('rejects if a row has a day that is none', async () => {
    for (const day of ['{"requests":1}', '', '9999-12-31', '2026-13']) {
      const window = await freshWindow();
      const insert =
        "INSERT INTO usage (day, provider, model, tenant) VALUES (?, 'acme', 'small', 'default')";
      window.db.prepare(insert).run(day);
      await assert.rejects(readUsageRows(window.store), LedgerError, day);
    }
  });

  it('reads nothing from a new ledger', async () => {
    assert.deepEqual(await readUsageRows((await freshWindow()).store), []);
  });
});
