import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ImportCancelled } from '../../../../src/providers/import/source-row.ts';
import { readSqliteTables } from '../../../../src/providers/import/sqlite-tables.ts';
import { english } from '../../../../src/shared/l10n.ts';
import { importThread, readLikeliest } from '../../../support/import-tables.ts';

describe('readSqliteTables', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'callguard-import-'));
    file = path.join(folder, 'server #1?.db');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function fill(db: DatabaseSync): void {
    db.exec(`CREATE TABLE usage (id INTEGER, at TEXT);
      CREATE TABLE "llm_provider_configs" (id INTEGER PRIMARY KEY, provider TEXT, "api key" BLOB, base_url TEXT);`);
    const insert = db.prepare('INSERT INTO llm_provider_configs (provider, "api key") VALUES (?, ?)');
    insert.run('openai', 'sk-1');
    insert.run('groq', Buffer.from('gsk_bytes'));
    insert.run(null, 'sk-3');
  }

  const expected = {
    rows: [
      ['llm_provider_configs, row 1', 'openai', 'sk-1'],
      ['llm_provider_configs, row 2', 'groq', 'gsk_bytes'],
    ],
    bad: ['llm_provider_configs, row 3: it has no provider'],
  };

  function fingerprint(): string[] {
    return readdirSync(folder).map(
      (name) =>
        `${name} ${createHash('sha256')
          .update(readFileSync(path.join(folder, name)))
          .digest('hex')}`,
    );
  }

  for (const mode of ['delete', 'wal']) {
    it(`reads a file without changing it or creating another (journal mode ${mode})`, async () => {
      const db = new DatabaseSync(file);
      db.exec(`PRAGMA journal_mode = ${mode}`);
      fill(db);
      db.close();
      const before = fingerprint();
      assert.deepEqual(await readLikeliest(await readSqliteTables(file, importThread())), expected);
      assert.deepEqual(fingerprint(), before);
    });
  }

  it('reads a file that a server has open, including its write-ahead log', async () => {
    const db = new DatabaseSync(file);
    db.exec('PRAGMA journal_mode = WAL');
    fill(db);
    const before = readFileSync(file);
    assert.deepEqual(await readLikeliest(await readSqliteTables(file, importThread())), expected);
    assert.deepEqual(readFileSync(file), before);
    db.close();
  });

  it('reads the address of each key', async () => {
    const db = new DatabaseSync(file);
    db.exec(`CREATE TABLE providers (provider TEXT, api_key TEXT, base_url TEXT);
      INSERT INTO providers VALUES ('openai', 'sk-1', 'https://x.example/v1'), ('groq', 'gsk-2', NULL)`);
    db.close();
    const { rows } = await readLikeliest(await readSqliteTables(file, importThread()));
    assert.deepEqual(rows, [
      ['providers, row 1', 'openai', 'sk-1', 'https://x.example/v1'],
      ['providers, row 2', 'groq', 'gsk-2'],
    ]);
  });

  it('refuses a table that is too long for keys instead of reading a part', async () => {
    const db = new DatabaseSync(file);
    db.exec(`CREATE TABLE calls (provider TEXT, key TEXT);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1001)
      INSERT INTO calls SELECT 'openai', 'sk-' || i FROM n`);
    db.close();
    const [table] = await readSqliteTables(file, importThread());
    await assert.rejects(
      async () => table?.read({ provider: 'provider', key: 'key' }, new AbortController().signal),
      /calls has more than 1000 rows/,
    );
  });

  it('refuses a file that is not a database or does not exist', async () => {
    await assert.rejects(readSqliteTables(import.meta.filename, importThread()), /not a database/);
    await assert.rejects(readSqliteTables(path.join(folder, 'none.db'), importThread()));
    assert.deepEqual(readdirSync(folder), []);
  });

  describe('of a hostile file', () => {
    const endless =
      'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS provider, i AS key FROM n WHERE i < 0';

    function make(sql: string): void {
      // Node.js 24 keeps a file's schema from being forged, unless it is asked not to.
      const db = new DatabaseSync(file, { defensive: false });
      db.exec(`CREATE TABLE keys (provider, key); INSERT INTO keys VALUES ('openai', 'sk-1');`);
      db.exec(sql);
      db.close();
    }

    for (const [what, sql] of [
      ['a view that never ends', `CREATE VIEW api AS ${endless}`],
      ['a view of a view that never ends', `CREATE VIEW a AS ${endless}; CREATE VIEW b AS SELECT * FROM a`],
      ['a virtual table', 'CREATE VIRTUAL TABLE search USING fts5(provider, key)'],
      [
        'a virtual table whose own table is a view that never ends',
        `CREATE VIEW area_node AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
           SELECT i AS nodeno, zeroblob(8) AS data FROM n WHERE i < 0;
         PRAGMA writable_schema = ON;
         INSERT INTO sqlite_schema VALUES ('table', 'area', 'area', 0, 'CREATE VIRTUAL TABLE area USING rtree(id, a, b)')`,
      ],
      ['a trigger', "CREATE TRIGGER t AFTER INSERT ON keys BEGIN SELECT load_extension('x'); END"],
    ] as const) {
      it(`reads its tables and leaves alone ${what}`, async () => {
        make(sql);
        const tables = await readSqliteTables(file, importThread());
        const names = tables.map((table) => table.name(english)).filter((name) => !/_/.test(name));
        assert.deepEqual(names, ['keys']);
        const keys = tables.filter((table) => table.name(english) === 'keys');
        assert.deepEqual((await readLikeliest(keys)).rows, [['keys, row 1', 'openai', 'sk-1']]);
      });
    }

    it('refuses a file whose view says that it is a table', async () => {
      make(`CREATE VIEW api AS ${endless};
        PRAGMA writable_schema = ON;
        UPDATE sqlite_schema SET type = 'table', rootpage = 2, sql = 'CREATE VIEW api AS ' || substr(sql, 20)
          WHERE name = 'api'`);
      await assert.rejects(readSqliteTables(file, importThread()), /malformed database schema/);
    });

    it('leaves out columns that are computed', async () => {
      make('CREATE TABLE vault (provider TEXT, key TEXT AS (hex(zeroblob(100000000))), secret TEXT)');
      const tables = await readSqliteTables(file, importThread());
      const vault = tables.find((table) => table.name(english) === 'vault');
      assert.deepEqual(vault?.columns, ['provider', 'secret']);
    });

    it('does not read a cell that is too long, and says so', async () => {
      make("INSERT INTO keys VALUES ('groq', hex(zeroblob(20000000))), ('xai', 7.5)");
      const { bad } = await readLikeliest(await readSqliteTables(file, importThread()));
      assert.deepEqual(bad, [
        'keys, row 2, groq: it is too long for a key',
        'keys, row 3, xai: it has no key',
      ]);
    });
  });

  it('stops when the user cancels', async () => {
    const db = new DatabaseSync(file);
    fill(db);
    db.close();
    const abort = new AbortController();
    const reading = readSqliteTables(file, importThread(abort.signal));
    abort.abort();
    await assert.rejects(reading, ImportCancelled);
    await assert.rejects(readSqliteTables(file, importThread(abort.signal)), ImportCancelled);
  });

  it('waits for a thread no longer than the limit', async () => {
    const script = path.join(folder, 'endless.mjs');
    writeFileSync(script, 'for (;;);');
    const db = new DatabaseSync(file);
    fill(db);
    db.close();
    const { signal } = new AbortController();
    await assert.rejects(readSqliteTables(file, { script, signal, mostMs: 200 }), /took longer than 0.2 s/);
  });

  it('refuses a file that is larger than the limit without reading it', async () => {
    writeFileSync(file, 'SQLite format 3\0');
    truncateSync(file, 1024 ** 3 + 1);
    await assert.rejects(readSqliteTables(file, importThread()), /larger than 1024 MiB/);
  });
});
