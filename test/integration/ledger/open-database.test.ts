import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs, {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { mock } from 'node:test';
import { promisify } from 'node:util';
import { openLedger } from '../../../src/ledger/db/open-database.ts';
import { migrations } from '../../../src/ledger/db/schema.ts';
import { LedgerError } from '../../../src/ledger/db/ledger-error.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { admitted, folder, letGoAfterEach, noonMs, openWindow, totals } from './ledger-fixture.ts';
import { completed } from './ledger-requests.ts';

const clock = new FakeClock(noonMs);
const now = migrations.at(-1)?.version ?? 0;
const next = now + 1;
const oneStepMore = [...migrations, { version: next, sql: 'ALTER TABLE rest ADD COLUMN why TEXT' }];

/** A ledger with one settled call. */
async function usedLedger(): Promise<string> {
  const file = path.join(folder(), 'ledger.db');
  const window = await openWindow(file, clock);
  await window.ledger.settle(await admitted(window), completed());
  window.dispose();
  return file;
}

function requestsIn(file: string): unknown {
  const db = new DatabaseSync(file, { readOnly: true });
  const row = db
    .prepare(
      'SELECT sum(requests) AS n FROM (SELECT requests FROM usage UNION ALL SELECT requests FROM admission)',
    )
    .get();
  db.close();
  return row?.['n'];
}

describe('openLedger', () => {
  letGoAfterEach();
  afterEach(() => {
    mock.restoreAll();
  });

  describe('and the rights of others', () => {
    const modeOf = (at: string) => statSync(at).mode & 0o777;
    const openOnce = async (file: string) => {
      const { db } = await openLedger(file, systemClock);
      db.close();
    };

    it('takes away those to its folder and its files', async () => {
      const at = path.join(folder(), 'ledger');
      mkdirSync(at);
      fs.chmodSync(at, 0o755);
      const file = path.join(at, 'callguard.db');
      await openOnce(file);
      assert.deepEqual([modeOf(at), modeOf(file)], [0o700, 0o600]);
      for (const name of ['gateway.lock', 'callguard.db.before-2']) writeFileSync(path.join(at, name), '');
      mkdirSync(path.join(at, 'terminals'));
      fs.chmodSync(at, 0o775);
      fs.chmodSync(file, 0o644);
      await openOnce(file);
      assert.deepEqual([modeOf(at), modeOf(file)], [0o700, 0o600]);
    });

    it('takes away those to its files only, in a folder that has other files', async () => {
      const at = folder();
      writeFileSync(path.join(at, 'letter.txt'), '');
      fs.chmodSync(at, 0o755);
      const file = path.join(at, 'callguard.db');
      await openOnce(file);
      assert.deepEqual([modeOf(at), modeOf(file)], [0o755, 0o600]);
    });

    it('keeps those that cannot be taken away', async () => {
      const at = folder();
      fs.chmodSync(at, 0o755);
      const refused = mock.method(fs.promises, 'chmod', () =>
        Promise.reject(Object.assign(new Error('read-only'), { code: 'EROFS' })),
      );
      try {
        await openOnce(path.join(at, 'callguard.db'));
      } finally {
        refused.mock.restore();
      }
      assert.equal(modeOf(at), 0o755);
    });
  });

  it('creates the ledger in a folder that only the user can read', async () => {
    const file = path.join(folder(), 'deep', 'ledger.db');
    const { db, setAside } = await openLedger(file, clock);
    assert.equal(setAside, undefined);
    assert.equal(statSync(path.dirname(file)).mode & 0o777, 0o700);
    assert.equal(db.prepare('PRAGMA journal_mode').get()?.['journal_mode'], 'wal');
    db.close();
  });

  it('finds the usage of an earlier session', async () => {
    const window = await openWindow(await usedLedger(), clock);
    assert.equal(totals(window).requests, 1);
  });

  const damages: [string, (file: string) => void][] = [
    [
      'that was overwritten',
      (file) => {
        writeFileSync(file, 'not a database, but rather long '.repeat(200));
      },
    ],
    [
      'that was truncated',
      (file) => {
        truncateSync(file, Math.floor(statSync(file).size / 2));
      },
    ],
    [
      'with a page of garbage',
      (file) => {
        const bytes = readFileSync(file);
        bytes.fill(0xa5, 4_096, 8_192);
        writeFileSync(file, bytes);
      },
    ],
  ];
  for (const [what, damage] of damages) {
    it(`sets aside a file ${what}, and starts a new one`, async () => {
      const file = await usedLedger();
      damage(file);
      const damaged = readFileSync(file);
      const window = await openWindow(file, clock);
      assert.equal(window.setAside, `${file}.damaged-2026-01-15T12-00-00.000Z`);
      assert.deepEqual(readFileSync(window.setAside), damaged);
      await window.ledger.settle(await admitted(window), completed());
      assert.equal(totals(window).requests, 1);
    });
  }

  /** As on Windows, where a file that another program has open cannot be moved: so many renames fail. */
  function failingRenames(failsFor: (from: string) => boolean, times = Infinity): void {
    const { renameSync } = fs;
    let failed = 0;
    mock.method(fs, 'renameSync', (from: string, to: string) => {
      if (!failsFor(from) || failed >= times) {
        renameSync(from, to);
        return;
      }
      failed += 1;
      throw Object.assign(new Error(`EBUSY: resource busy or locked, rename '${from}'`), { code: 'EBUSY' });
    });
  }

  it('sets a damaged file aside once a virus scanner lets go of it', async () => {
    const file = await usedLedger();
    truncateSync(file, 5_000);
    failingRenames(() => true, 3);
    const window = await openWindow(file, clock);
    assert.equal(window.setAside, `${file}.damaged-2026-01-15T12-00-00.000Z`);
  });

  it('asks the user to close the other windows if they have the damaged file open, and does not change it', async () => {
    const file = await usedLedger();
    truncateSync(file, 5_000);
    const damaged = readFileSync(file);
    failingRenames((from) => {
      // The log of another window, which is found only now.
      writeFileSync(`${file}-wal`, 'a log');
      return from === `${file}-wal`;
    });
    await assert.rejects(openLedger(file, clock), (error) => {
      assert.ok(error instanceof LedgerError);
      assert.match(error.message, /^ledger\.db in .* is damaged, and other windows have it open/);
      assert.match(error.message, /Close the other windows$/);
      return true;
    });
    assert.deepEqual(readFileSync(file), damaged);
    assert.deepEqual(readdirSync(path.dirname(file)).sort(), ['ledger.db', 'ledger.db-wal']);
  });

  it('backs up the ledger once a virus scanner lets go of the copy', async () => {
    const file = await usedLedger();
    failingRenames(() => true, 3);
    (await openLedger(file, clock, oneStepMore)).db.close();
    assert.equal(requestsIn(`${file}.before-${next}`), 1);
  });

  it('leaves no copy if the backup fails', async () => {
    const file = await usedLedger();
    failingRenames(() => true);
    await assert.rejects(openLedger(file, clock, oneStepMore), /ledger\.db .* cannot be opened: EBUSY/);
    assert.deepEqual(
      readdirSync(path.dirname(file)).filter((name) => name.includes('before')),
      [],
    );
  });

  const realPrepare = Object.getOwnPropertyDescriptor(DatabaseSync.prototype, 'prepare')?.value as (
    this: DatabaseSync,
    sql: string,
  ) => StatementSync;

  /** What a network drive makes of the request for a write-ahead log: another statement is run, or an error thrown. */
  function answerWal(answer: () => string): void {
    mock.method(DatabaseSync.prototype, 'prepare', function (this: DatabaseSync, sql: string) {
      return realPrepare.call(this, sql === 'PRAGMA journal_mode = WAL' ? answer() : sql);
    });
  }

  it('refuses a folder on a drive without shared memory and names the setting to change', async () => {
    const file = path.join(folder(), 'ledger.db');
    // SQLite answers with the mode that the file has, and without an error.
    answerWal(() => 'PRAGMA journal_mode');
    await assert.rejects(openLedger(file, clock), (error) => {
      assert.ok(error instanceof LedgerError);
      assert.match(error.message, /cannot be opened: it does not support a write-ahead log\./);
      assert.match(error.message, /choose a folder on a local disk in callguard\.ledgerFolder/);
      return true;
    });
  });

  // SQLITE_IOERR_SHMMAP, SQLITE_PROTOCOL, SQLITE_NOLFS
  for (const [errcode, message] of [
    [5386, 'disk I/O error'],
    [15, 'locking protocol'],
    [22, 'large file support is disabled'],
  ] as const) {
    it(`names the setting to change when SQLite reports '${message}'`, async () => {
      const file = path.join(folder(), 'ledger.db');
      answerWal(() => {
        throw Object.assign(new Error(message), { errcode });
      });
      await assert.rejects(openLedger(file, clock), {
        name: 'LedgerError',
        message: `ledger.db in ${path.dirname(file)} cannot be opened: ${message}. If its folder is on a network drive, choose a folder on a local disk in callguard.ledgerFolder and reload the window`,
      });
    });
  }

  it('does not check the audit trail, which may be long', async () => {
    const file = await usedLedger();
    const db = new DatabaseSync(file);
    const pageBytes = Number(db.prepare('PRAGMA page_size').get()?.['page_size']);
    const page = Number(
      db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'audit_row'").get()?.['rootpage'],
    );
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    db.close();
    const bytes = readFileSync(file);
    bytes.fill(0xa5, (page - 1) * pageBytes, page * pageBytes);
    writeFileSync(file, bytes);
    const opened = await openLedger(file, clock);
    opened.db.close();
    assert.equal(opened.setAside, undefined);
  });

  it('reports that a damaged file cannot be set aside', async () => {
    const file = await usedLedger();
    truncateSync(file, 5_000);
    // As on Windows, where a file that another window has open cannot be moved.
    mkdirSync(`${file}.damaged-2026-01-15T12-00-00.000Z`);
    await assert.rejects(openLedger(file, clock), (error) => {
      assert.ok(error instanceof LedgerError);
      assert.match(error.message, /^ledger\.db in .* cannot be opened: E/);
      return true;
    });
  });

  it('sets a damaged file aside once when several windows start together', async () => {
    const file = await usedLedger();
    truncateSync(file, 5_000);
    const windows = await Promise.all([1, 2, 3].map(() => openWindow(file, new FakeClock(noonMs))));
    assert.equal(windows.filter(({ setAside }) => setAside !== undefined).length, 1);
    const [first, second] = windows;
    assert.ok(first !== undefined && second !== undefined);
    await admitted(first);
    assert.equal(totals(second).heldRequests, 1);
  });

  it('upgrades the schema and keeps a backup', async () => {
    const file = await usedLedger();
    const { db } = await openLedger(file, clock, oneStepMore);
    assert.equal(db.prepare('PRAGMA user_version').get()?.['user_version'], next);
    assert.ok(db.prepare('SELECT why FROM rest').all());
    db.close();
    const backup = `${file}.before-${next}`;
    assert.equal(requestsIn(backup), 1);
    const before = new DatabaseSync(backup, { readOnly: true });
    assert.equal(before.prepare('PRAGMA user_version').get()?.['user_version'], now);
    before.close();
    assert.equal(readdirSync(path.dirname(file)).filter((name) => name.includes('before')).length, 1);
  });

  it('makes no backup of a new ledger', async () => {
    const file = path.join(folder(), 'ledger.db');
    (await openLedger(file, clock, oneStepMore)).db.close();
    assert.equal(existsSync(`${file}.before-${next}`), false);
  });

  it('does not change the ledger when a step fails, and reports the failure', async () => {
    const file = await usedLedger();
    const broken = [
      ...migrations,
      { version: next, sql: 'CREATE TABLE half (a); ALTER TABLE missing ADD COLUMN b' },
    ];
    await assert.rejects(openLedger(file, clock, broken), (error) => {
      assert.ok(error instanceof LedgerError);
      assert.match(error.message, /ledger\.db .* cannot be opened: no such table: missing/);
      return true;
    });
    const db = new DatabaseSync(file);
    assert.equal(db.prepare('PRAGMA user_version').get()?.['user_version'], now);
    assert.equal(db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'half'").get()?.['n'], 0);
    db.close();
    assert.equal(requestsIn(file), 1);
  });

  it('refuses the ledger of a newer Callguard, does not change it, and says what to do', async () => {
    const file = await usedLedger();
    (await openLedger(file, clock, oneStepMore)).db.close();
    await assert.rejects(openLedger(file, clock), {
      name: 'LedgerError',
      message: `it was written by a newer version of Callguard (schema ${next}; this version supports ${now}); update Callguard`,
    });
    assert.equal(requestsIn(file), 1);
  });

  it('waits for a window that upgrades the schema at the same time', async () => {
    const file = await usedLedger();
    const both = await Promise.all([1, 2].map(() => openLedger(file, systemClock, oneStepMore)));
    for (const { db } of both) {
      assert.equal(db.prepare('PRAGMA user_version').get()?.['user_version'], next);
      db.close();
    }
  });

  it('waits for a window that has locked the ledger', async () => {
    const file = await usedLedger();
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    systemClock.after(50, () => {
      other.exec('ROLLBACK');
      other.close();
    });
    (await openLedger(file, systemClock, oneStepMore)).db.close();
    assert.equal(requestsIn(file), 1);
  });

  it('names the path of a ledger that cannot be opened', async () => {
    const file = path.join(folder(), 'a-folder');
    await assert.rejects(openLedger(path.join(file, '..'), clock), (error) => {
      assert.ok(error instanceof LedgerError);
      assert.match(error.message, /cannot be opened: unable to open database file/);
      return true;
    });
  });

  it('names the path of a ledger whose folder cannot be created', async () => {
    const file = path.join(folder(), 'a-file');
    writeFileSync(file, '');
    await assert.rejects(openLedger(path.join(file, 'ledger.db'), clock), (error) => {
      assert.ok(error instanceof LedgerError);
      assert.match(error.message, /^ledger\.db in .*a-file cannot be opened: E/);
      return true;
    });
  });

  it('names the update to install if the editor has no SQLite', async () => {
    const source = path.join(import.meta.dirname, '../../../src');
    const program = `
      import { openLedger } from '${source}/ledger/db/open-database.ts';
      import { systemClock } from '${source}/shared/clock.ts';
      await openLedger('unused.db', systemClock).catch((error) => console.log(error.name + ': ' + error.message));`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--no-experimental-sqlite', '--input-type=module', '--eval', program],
      { cwd: folder() },
    );
    assert.match(
      stdout,
      /^LedgerError: this editor runs Node\.js [\d.]+, whose node:sqlite is missing or too old .*Update to a version with/,
    );
  });
});
