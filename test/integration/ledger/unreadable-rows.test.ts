import assert from 'node:assert/strict';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LedgerError } from '../../../src/ledger/db/ledger-error.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { admitted, folder, letGoAfterEach, noonMs, openWindow, refused, totals } from './ledger-fixture.ts';
import { capOf, completed, request } from './ledger-requests.ts';

const caps = (['requestsPerDay', 'usdPerMonth', 'tokensPerMinute'] as const).map((kind) => capOf(kind, 1e9));

/** More than SQLite's whole numbers, and one more than JavaScript's. */
const huge = ['9223372036854775807', '-9223372036854775807', '9007199254740993'];

const numbers: readonly [table: string, columns: readonly string[]][] = [
  ['usage', ['requests', 'input_tokens', 'output_tokens', 'cost_micro_usd']],
  ['admission', ['requests', 'input_tokens', 'output_tokens', 'micro_usd']],
  ['recent_use', ['tokens']],
  ['provider', ['paused', 'last_failure_ms']],
  ['latest_time', ['latest_ms']],
  ['audit_row', ['at_ms']],
];

const texts: readonly [place: string, change: string][] = [
  ...['a\0b', 'tomorrow', '9999-99-99', '9999-12-31', '2026-02-31'].map((day): [string, string] => [
    `latest_time.latest_day = ${JSON.stringify(day)}`,
    `UPDATE latest_time SET latest_day = CAST(x'${Buffer.from(day).toString('hex')}' AS TEXT)`,
  ]),
  ['latest_time.latest_ms = 8e15', 'UPDATE latest_time SET latest_ms = 8000000000000000'],
  ['latest_time without its row', 'DELETE FROM latest_time'],
  ['rest.until_ms = 9007199254740993', "INSERT INTO rest VALUES ('acme', 'small', 9007199254740993)"],
];

describe('SqliteLedger with rows that it cannot read', () => {
  letGoAfterEach();

  /** A window whose ledger has a row in each table that a call reads, and a way to change them from outside. */
  async function windowWithRows() {
    const file = path.join(folder(), 'ledger.db');
    const window = await openWindow(file, new FakeClock(noonMs));
    await window.ledger.settle(await admitted(window, { caps }), completed());
    const db = new DatabaseSync(file, { timeout: 1_000 });
    db.exec(`
      INSERT INTO usage (day, provider, model, tenant) VALUES ('2026-01-15', 'acme', 'small', 'default');
      INSERT INTO recent_use VALUES (${noonMs}, 'acme', 'small', 'default', 1, 1);
      INSERT OR IGNORE INTO provider (id, circuit) VALUES ('acme', '{}');
      INSERT INTO audit_row VALUES (1, ${noonMs}, 'user', '{}', 'x', x'00');`);
    return { window, db };
  }

  const changes = [
    ...numbers.flatMap(([table, columns]) =>
      columns.flatMap((column) =>
        huge.map((value): [string, string] => [
          `${table}.${column} = ${value}`,
          `UPDATE ${table} SET ${column} = ${value}`,
        ]),
      ),
    ),
    ...texts,
  ];
  it('refuses each call, and calls no error a bug', async () => {
    for (const [place, change] of changes) {
      const { window, db } = await windowWithRows();
      db.exec(change);
      const result = await window.ledger.admit(request({ caps }));
      assert.ok(!result.ok, place);
      // A sum that is too large for a whole number is over every cap.
      assert.ok(['ledger', 'cap'].includes(result.error.kind), place);
      db.close();
    }
  });

  it('refuses calls until the row is right again', async () => {
    const { window, db } = await windowWithRows();
    db.exec('UPDATE audit_row SET at_ms = 9007199254740993');
    assert.equal((await refused(window)).kind, 'ledger');
    db.exec(`UPDATE audit_row SET at_ms = ${noonMs}`);
    await admitted(window);
    db.close();
  });

  it('reports what it cannot record as an error of the ledger', async () => {
    const { window, db } = await windowWithRows();
    db.exec("UPDATE latest_time SET latest_day = 'tomorrow'");
    await assert.rejects(window.store.wantGateway(true), LedgerError);
    db.close();
  });

  it('counts the call although an earlier one has counters that it cannot read', async () => {
    for (const counted of ['x', '[1]', '{"requests":"x"}', '{"requests":1.5}', '{"requests":1e300}']) {
      const { window, db } = await windowWithRows();
      db.prepare('UPDATE admission SET counted = ?').run(counted);
      for (let calls = 0; calls < 70; calls++)
        await window.ledger.settle(await admitted(window, { callId: `call-${calls}` }), completed());
      assert.equal(totals(window).requests, 71, counted);
      window.store.counters.all();
      db.close();
    }
  });
});
