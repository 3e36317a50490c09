import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { verifyAudit } from '../../../src/ledger/audit/verify-audit.ts';
import { LedgerError } from '../../../src/ledger/db/ledger-error.ts';
import { ReadOnlyLedger } from '../../../src/ledger/db/read-only.ts';
import { isSqliteError, isUnreadableNumber } from '../../../src/ledger/db/sqlite-error.ts';
import { readActivity } from '../../../src/observe/activity.ts';
import { readAuditRows } from '../../../src/observe/audit-filter.ts';
import { auditJson, auditLine } from '../../../src/observe/audit-lines.ts';
import { readUsageRows } from '../../../src/observe/usage-rows.ts';
import { ReportReader } from '../../../src/observe/usage-report/report.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { testKeys } from '../../support/open-ledger.ts';
import { anyJson, fuzz, mutatedText } from '../../support/fuzz.ts';
import { admitted, folder, letGo, noonMs, openWindow, type Window } from '../ledger/ledger-fixture.ts';
import { capOf, completed, recordOf, request } from '../ledger/ledger-requests.ts';
import { settingsOf, snapshotOf } from '../observe/observe-fixture.ts';

const caps = (['requestsPerDay', 'usdPerMonth', 'tokensPerMinute', 'callsAtOnce'] as const).map((kind) =>
  capOf(kind, 1e9),
);
const settings = settingsOf({ acme: { kind: 'openai', limits: { requestsPerDay: 100 } } });

/** A ledger with rows in every table. */
async function fill(file: string): Promise<void> {
  const window = await openWindow(file, new FakeClock(noonMs));
  const { ledger, store } = window;
  for (let calls = 0; calls < 70; calls += 1) {
    const admission = await admitted(window, { callId: `call-${calls}` });
    await ledger.settle(admission, completed(), recordOf(admission));
  }
  const open = await admitted(window);
  await ledger.apply(open, { kind: 'rateLimitPause', forMs: 1_000 });
  await store.override('acme', 'reset');
  await store.issueToken({
    id: 't',
    kind: 'calls',
    tenant: 'a',
    hash: 'h',
    createdMs: 1,
    process: 1,
    settings: '{}',
  });
  await store.wantGateway(true);
  await store.takeLease('gateway', 'me', 1_000_000);
  await store.listKey({
    provider: 'acme',
    kid: 'k',
    origin: 'https://a.example',
    redactedKey: '*',
    setAtMs: 1,
  });
  window.db.exec(`INSERT INTO rest VALUES ('acme', 'small', ${noonMs + 1_000}) ON CONFLICT DO NOTHING`);
}

const value: fc.Arbitrary<SQLInputValue> = fc.oneof(
  fc.integer(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom(0, -1, 1, noonMs, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n), null),
  fc.double({ noNaN: true }),
  fc.string({ unit: 'binary', maxLength: 20 }).map((any) => any.toWellFormed()),
  fc.constantFrom(
    '',
    '\0',
    '2026-01-15',
    '2026-01',
    '9999-99-99',
    '{',
    '[]',
    '{"kind":"open"}',
    'acme',
    'call',
    'tripped',
  ),
  anyJson.map((json) => JSON.stringify([json]).slice(1, -1)),
  mutatedText(
    fc.constantFrom(
      '{"kind":"open","generation":1,"untilMs":5,"cooldownMs":7}',
      '{"requests":1}',
      '2026-01-15',
    ),
  ),
  fc.uint8Array({ maxLength: 40 }),
);

type Change = readonly [column: number, value: SQLInputValue, isOfAll: boolean];

/** Changes the rows as a broken disk or another program might. What SQLite itself refuses stays as it was. */
function spoil(file: string, changes: readonly Change[]): string[] {
  const db = new DatabaseSync(file);
  const columns = db
    .prepare(
      `SELECT s.name AS tableName, c.name AS columnName FROM sqlite_schema s, pragma_table_info(s.name) c
       WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite%' ORDER BY 1, 2`,
    )
    .all() as { tableName: string; columnName: string }[];
  const done: string[] = [];
  for (const [which, put, isOfAll] of changes) {
    const { tableName, columnName } = columns[which % columns.length] ?? { tableName: '', columnName: '' };
    const rows = isOfAll ? '' : ` WHERE ${columnName} IS (SELECT max(${columnName}) FROM ${tableName})`;
    try {
      db.prepare(`UPDATE OR IGNORE ${tableName} SET ${columnName} = ?${rows}`).run(put);
      done.push(`${tableName}.${columnName} = ${inspect(put)}`);
    } catch (error) {
      if (!isSqliteError(error)) throw error;
    }
  }
  db.close();
  return done;
}

/** Rethrows what is no error of the ledger. */
function assertOfLedger(error: unknown): void {
  if (!(error instanceof LedgerError)) throw error;
}

/** Readers run outside of transactions, where SQLite and Node.js report a number that is too large. */
function read(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!isSqliteError(error) && !isUnreadableNumber(error)) assertOfLedger(error);
  }
}

const refusals = new Set(['ledger', 'cap', 'circuit', 'paused', 'rest', 'outOfCredit']);

async function use(window: Window): Promise<void> {
  const { ledger, store } = window;
  const result = await ledger.admit(request({ caps }));
  if (result.ok) {
    await ledger.renew(result.value).catch(assertOfLedger);
    await ledger.settle(result.value, completed(), recordOf(result.value)).catch(assertOfLedger);
  } else assert.ok(refusals.has(result.error.kind), result.error.kind);
  await store.override('acme', 'forceOpen').catch(assertOfLedger);
  await store.revokeToken('t').catch(assertOfLedger);
  await store.wantGateway(false).catch(assertOfLedger);
  await store.removeProvider('acme').catch(assertOfLedger);
}

function readAll({ store }: Window): void {
  read(() => store.now());
  read(() => snapshotOf(store, settings));
  read(() => readActivity(store));
  read(() => store.usage.rows('0000', '9999'));
  read(() => store.usage.span());
  read(() => store.usage.byTenant('2026-01-15'));
  read(() => store.providers.rateLimitPauses('acme', noonMs));
  read(() => store.providers.lastOkMs('acme'));
  read(() => store.counters.failuresInARow('acme'));
  read(() => store.gateway.state());
  read(() => store.tokens.all());
  read(() => store.audit.before(Infinity, 100).map((row) => auditLine(row) + auditJson(row)));
}

describe('Fuzz: stored rows', () => {
  let template = '';
  before(async () => {
    template = path.join(folder(), 'template.db');
    await fill(template);
  });
  after(letGo);

  let runs = 0;
  fuzz(
    'whatever stands in a column, a call is refused or counted, and readers give rows or an error of the ledger',
    12,
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(), value, fc.boolean()), { minLength: 1, maxLength: 3 }),
      async (changes) => {
        const file = path.join(path.dirname(template), `${(runs += 1)}.db`);
        for (const suffix of ['', '-wal']) copyFileSync(template + suffix, file + suffix);
        const done = spoil(file, changes);
        try {
          const window = await openWindow(file, new FakeClock(noonMs + 2_000));
          readAll(window);
          const reports = new ReadOnlyLedger(file, 'UTC');
          read(() =>
            new ReportReader(reports).read({
              view: { range: '7d', stackBy: 'model' },
              nowMs: noonMs,
              day: '2026-01-15',
              settings: { providers: [], limits: [], workspaceLimits: {}, tenant: 'default' },
            }),
          );
          reports.dispose();
          for (const work of [
            () => readUsageRows(window.store),
            () => readAuditRows(window.store, { kind: 'call', tenant: 'default' }, 10),
            () =>
              verifyAudit(window.store.audit, {
                ...{ keys: testKeys, anchors: [], witness: undefined },
              }),
          ])
            await work().catch((error: unknown) => {
              read(() => {
                throw error;
              });
            });
          await use(window);
          window.dispose();
        } catch (error) {
          throw new Error(done.join('; '), { cause: error });
        }
      },
    ),
  );
});
