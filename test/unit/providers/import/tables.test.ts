import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { readJsonTables } from '../../../../src/providers/import/json-tables.ts';
import { readSqliteTables } from '../../../../src/providers/import/sqlite-tables.ts';
import {
  guessMapping,
  likelyTables,
  rowsOfTable,
  type ColumnMapping,
  type SourceTable,
} from '../../../../src/providers/import/table.ts';
import { english } from '../../../../src/shared/l10n.ts';

/** The rows of the most likely table, read with the guessed columns. */
async function readLikeliest(tables: readonly SourceTable[]) {
  const [table] = likelyTables(tables);
  assert.ok(table);
  const { provider, key } = guessMapping(table.columns);
  assert.ok(provider !== undefined && key !== undefined, `columns: ${table.columns.join()}`);
  const { rows, bad } = rowsOfTable(await table.read({ provider, key }));
  return {
    rows: rows.map((row) => [row.place(english), row.provider, row.value.reveal()]),
    bad: bad.map(({ place, problem }) => `${place(english)}: ${problem(english)}`),
  };
}

describe('guessMapping', () => {
  const guesses: [string[], Partial<ColumnMapping>][] = [
    [['id', 'provider', 'api_key', 'created_at'], { provider: 'provider', key: 'api_key' }],
    [['Provider_Name', 'EncryptedApiKey'], { provider: 'Provider_Name', key: 'EncryptedApiKey' }],
    [['name', 'value'], { provider: 'name', key: 'value' }],
    [['id', 'amount'], { provider: 'id' }],
    [['amount', 'at'], {}],
  ];
  for (const [columns, guess] of guesses) {
    it(`guesses the columns of ${columns.join(', ')}`, () => {
      assert.deepEqual(guessMapping(columns), guess);
    });
  }
});

describe('readJsonTables', () => {
  for (const [what, json, place] of [
    ['rows', [{ id: 1, provider: 'openai', api_key: 'sk-1' }], 'the array, row 1'],
    [
      'rows by the name of their table',
      { version: 1, users: [{ id: 3 }], llm_provider_configs: [{ provider: 'openai', api_key: 'sk-1' }] },
      'llm_provider_configs, row 1',
    ],
    ['a key for each provider', { openai: 'sk-1' }, 'the object, row 1'],
    [
      'a row for each provider',
      { openai: { apiKey: 'sk-1', baseUrl: 'https://x.example' } },
      'the object, row 1',
    ],
  ] as const) {
    it(`reads ${what}`, async () => {
      const tables = readJsonTables(JSON.stringify(json));
      assert.ok(tables.ok);
      assert.deepEqual(await readLikeliest(tables.value), { rows: [[place, 'openai', 'sk-1']], bad: [] });
    });
  }

  it('refuses text that is not JSON without quoting it', () => {
    const refusalOf = (text: string) => {
      const tables = readJsonTables(text);
      return tables.ok ? undefined : tables.error(english);
    };
    assert.equal(refusalOf('{"openai": "sk-canary'), 'it is not JSON');
    assert.equal(refusalOf('"sk-canary"'), 'it must be an array of rows or an object');
  });

  it('returns the good rows, and the bad ones with their place', async () => {
    const tables = readJsonTables(
      JSON.stringify([
        { provider: 'openai', key: 'sk-1' },
        { key: 'sk-2' },
        7,
        { provider: 'groq', key: null },
      ]),
    );
    assert.ok(tables.ok);
    assert.deepEqual(await readLikeliest(tables.value), {
      rows: [['the array, row 1', 'openai', 'sk-1']],
      bad: [
        'the array, row 2: it has no provider',
        'the array, row 3: it has no provider',
        'the array, row 4, groq: it has no key',
      ],
    });
  });
});

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
      assert.deepEqual(await readLikeliest(await readSqliteTables(file)), expected);
      assert.deepEqual(fingerprint(), before);
    });
  }

  it('reads a file that a server has open, including its write-ahead log', async () => {
    const db = new DatabaseSync(file);
    db.exec('PRAGMA journal_mode = WAL');
    fill(db);
    const before = readFileSync(file);
    assert.deepEqual(await readLikeliest(await readSqliteTables(file)), expected);
    assert.deepEqual(readFileSync(file), before);
    db.close();
  });

  it('refuses a table that is too long for keys instead of reading a part', async () => {
    const db = new DatabaseSync(file);
    db.exec(`CREATE TABLE calls (provider TEXT, key TEXT);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1001)
      INSERT INTO calls SELECT 'openai', 'sk-' || i FROM n`);
    db.close();
    const [table] = await readSqliteTables(file);
    await assert.rejects(
      async () => table?.read({ provider: 'provider', key: 'key' }),
      /calls has more than 1000 rows/,
    );
  });

  it('refuses a file that is not a database or does not exist', async () => {
    await assert.rejects(readSqliteTables(import.meta.filename), /not a database/);
    await assert.rejects(readSqliteTables(path.join(folder, 'none.db')));
    assert.deepEqual(readdirSync(folder), []);
  });
});
