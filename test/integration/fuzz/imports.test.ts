import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { isSqliteError } from '../../../src/ledger/db/sqlite-error.ts';
import { readCsvTable } from '../../../src/providers/import/csv-table.ts';
import { rowsOfDotenv } from '../../../src/providers/import/dotenv.ts';
import { planImport } from '../../../src/providers/import/plan.ts';
import { readSourceFile, type SourceContents } from '../../../src/providers/import/read-source.ts';
import { SourceError, type SourceRows } from '../../../src/providers/import/source-row.ts';
import { guessMapping, rowsOfTable } from '../../../src/providers/import/table.ts';
import { parseProviders } from '../../../src/providers/config/provider-config.ts';
import { ok } from '../../../src/shared/result.ts';
import { anyJson, fuzz, mutated, nearly } from '../../support/fuzz.ts';
import { importThread, plainRows } from '../../support/import-tables.ts';
import { inEnglish } from '../../support/languages.ts';

const providers = parseProviders({
  openai: { kind: 'openai' },
  work: { kind: 'openai-compatible', baseUrl: 'https://w.example/v1' },
});
const vault = { open: () => Promise.resolve(ok(undefined)) };
const { signal } = new AbortController();

const key = fc.stringMatching(/^[A-Za-z0-9_-]{8,40}$/);
const variable = fc.constantFrom(
  'OPENAI_API_KEY',
  'ANTHROPIC_API_KEY',
  'GROQ_API_KEY',
  'WORK_API_KEY',
  'PATH',
  'X',
);
const spaces = fc.stringMatching(/^[ \t]{0,2}$/);

const dotenv = fc
  .array(
    fc.oneof(
      fc
        .tuple(
          fc.constantFrom('', 'export '),
          variable,
          spaces,
          spaces,
          fc.constantFrom('', '"', "'", '`'),
          key,
          fc.constantFrom('', ' # a comment'),
        )
        .map(
          ([lead, name, before, after, quote, value, rest]) =>
            `${lead}${name}${before}=${after}${quote}${value}${quote}${rest}`,
        ),
      fc.constantFrom('# comment', '', 'nonsense', 'OPENAI_API_KEY', 'OPENAI_API_KEY="', 'A_API_KEY=', '=x'),
    ),
    { maxLength: 8 },
  )
  .chain((lines) => fc.constantFrom('\n', '\r\n').map((end) => lines.join(end)));

const cell = fc.string({
  unit: fc.constantFrom('a', 'sk-', '"', ',', ';', '\t', '\n', '\r\n', ' ', 'é', '=1'),
  maxLength: 6,
});
const csvCell = (text: string) =>
  /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
const records = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 8 });
const csvOf = (rows: readonly (readonly string[])[], delimiter: string, end: string) =>
  [['id', 'provider', 'api_key'], ...rows].map((row) => row.map(csvCell).join(delimiter)).join(end);

const json = nearly({
  configs: [{ id: 1, provider: 'openai', api_key: 'sk-0123456789' }],
  openai: 'sk-1',
  work: { apiKey: 'sk-2' },
}).map((value) => JSON.stringify([value]).slice(1, -1));

/** Everything that the import shows or does with a file, up to what the user picks. */
async function readAll(file: string): Promise<void> {
  let contents: SourceContents;
  try {
    contents = await readSourceFile(file, importThread());
  } catch (error) {
    if (error instanceof SourceError) {
      assert.match(inEnglish([error.words]).join(), /\S/);
      return;
    }
    if (isSqliteError(error)) return;
    throw error;
  }
  if (contents.kind === 'rows') {
    await plan(contents.rows);
    return;
  }
  for (const table of contents.tables.slice(0, 2)) {
    const [first = '', second = first] = table.columns;
    const { provider = first, key: column = second } = guessMapping(table.columns);
    try {
      await plan(rowsOfTable(await table.read({ provider, key: column }, signal)));
    } catch (error) {
      if (
        !(error instanceof SourceError) &&
        !(error instanceof Error && error.message.startsWith('no such table')) &&
        !isSqliteError(error)
      )
        throw error;
    }
  }
}

async function plan(rows: SourceRows): Promise<void> {
  const { bad, keys } = await planImport(rows, { providers, serverKeys: [], vault });
  for (const words of [
    ...bad.flatMap(({ place, problem }) => [place, problem]),
    ...keys.map(({ place }) => place),
  ])
    assert.equal(typeof inEnglish([words])[0], 'string');
}

describe('Fuzz: imports', () => {
  let folder = '';
  let database = Buffer.alloc(0);
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'callguard-fuzz-'));
    const file = path.join(folder, 'keys.db');
    const db = new DatabaseSync(file);
    db.exec(`CREATE TABLE configs (id INTEGER PRIMARY KEY, provider TEXT, api_key BLOB);
      CREATE TABLE other (a TEXT, b TEXT GENERATED ALWAYS AS (a || 'x'));
      CREATE INDEX by_provider ON configs (provider);
      CREATE VIEW v AS SELECT * FROM configs;`);
    for (let n = 0; n < 40; n += 1)
      db.prepare('INSERT INTO configs (provider, api_key) VALUES (?, ?)').run(
        `openai`,
        `sk-${'k'.repeat(n)}`,
      );
    db.close();
    database = readFileSync(file);
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const written = (bytes: Uint8Array): string => {
    const file = path.join(folder, 'source');
    writeFileSync(file, bytes);
    return file;
  };

  fuzz(
    'any text file is read or refused, and what is refused is worded',
    300,
    fc.asyncProperty(
      mutated(
        fc
          .oneof(
            dotenv,
            json,
            records.map((rows) => csvOf(rows, ',', '\r\n')),
            anyJson.map((any) => JSON.stringify([any])),
            fc.string({ unit: 'binary' }),
          )
          .map((text) => Buffer.from(text)),
      ),
      (bytes) => readAll(written(bytes)),
    ),
  );

  fuzz(
    'a SQLite file with any bytes changed is read or refused',
    3,
    fc.asyncProperty(mutated(fc.constant(undefined).map(() => database)), (bytes) =>
      readAll(written(Buffer.concat([database.subarray(0, 16), bytes.subarray(16)]))),
    ),
  );

  fuzz(
    'a CSV text gives the cells that were written',
    300,
    fc.asyncProperty(
      records,
      fc.constantFrom(',', ';', '\t'),
      fc.constantFrom('\n', '\r\n'),
      async (rows, delimiter, end) => {
        const table = readCsvTable(csvOf(rows, delimiter, end));
        assert.deepEqual(table?.columns, ['id', 'provider', 'api_key']);
        const read = await table.read({ provider: 'provider', key: 'api_key' }, signal);
        assert.deepEqual(
          read.map(({ provider, key: value }) => [provider, value]),
          rows.map(([, provider, value]) => [provider, value]),
        );
      },
    ),
  );

  fuzz(
    'a .env file gives the values that were written, and names no key in a problem',
    500,
    fc.property(
      fc.array(
        fc.tuple(
          fc.constantFrom('OPENAI_API_KEY', 'GROQ_API_KEY'),
          key,
          fc.constantFrom('', '"', "'", '`'),
          spaces,
        ),
        { maxLength: 6 },
      ),
      fc.constantFrom(
        'OPENAI_API_KEY="sk-canary',
        "GROQ_API_KEY='sk-canary' x",
        'GROQ_API_KEY=a"sk-canary',
        '',
      ),
      (lines, broken) => {
        const text = [
          ...lines.map(([name, value, quote, blank]) => `${name}${blank}=${blank}${quote}${value}${quote}`),
          broken,
        ].join('\n');
        const { rows, bad } = plainRows(rowsOfDotenv(text));
        const good = rows.slice(0, lines.length).map(([, provider, value]) => [provider, value]);
        assert.deepEqual(
          good,
          lines.map(([name, value]) => [name === 'OPENAI_API_KEY' ? 'openai' : 'groq', value]),
        );
        assert.doesNotMatch(bad.join(), /canary/);
      },
    ),
  );
});
