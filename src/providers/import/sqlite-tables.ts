import { stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { SourceError } from './source-row.ts';
import type { ColumnMapping, SourceTable, TableRow } from './table.ts';

const nameSchema = z.object({ name: z.string() });

/** A table of keys has one row for each provider; a longer table holds something else. */
const mostRows = 1_000;

/**
 * The tables of a SQLite file. The file is opened read-only, and no file is created beside it. Rejects with SQLite's
 * error if the file cannot be read.
 */
export async function readSqliteTables(file: string): Promise<readonly SourceTable[]> {
  return await withDatabase(file, (db) => {
    const tables = db
      .prepare(
        "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite~_%' ESCAPE '~'",
      )
      .all()
      .map((row) => nameSchema.parse(row).name);
    return tables.map((name) => ({
      name: () => name,
      columns: db
        .prepare('SELECT name FROM pragma_table_info(?)')
        .all(name)
        .map((row) => nameSchema.parse(row).name),
      read: (mapping) => withDatabase(file, (opened) => readRows(opened, name, mapping)),
    }));
  });
}

function readRows(db: DatabaseSync, table: string, { provider, key }: ColumnMapping): readonly TableRow[] {
  const rows = db
    .prepare(
      `SELECT ${quoted(provider)} AS provider, ${quoted(key)} AS key FROM ${quoted(table)} LIMIT ${mostRows + 1}`,
    )
    .all();
  // Import none rather than an unknown part of them.
  if (rows.length > mostRows)
    throw new SourceError((l10n) =>
      l10n.t('{0} has more than {1} rows, which is too many for a table of keys', table, mostRows),
    );
  return rows.map((row, index) => ({
    place: (l10n) => l10n.t('{0}, row {1}', table, index + 1),
    provider: row['provider'],
    key: row['key'],
  }));
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

async function withDatabase<T>(file: string, work: (db: DatabaseSync) => T): Promise<T> {
  // A dynamic import, because not every host has the module.
  const { DatabaseSync } = await import('node:sqlite');
  const url = pathToFileURL(file);
  // Without this SQLite creates two files beside a database in WAL mode. But if a server's write-ahead log exists, its
  // contents must be read; then both files exist already.
  if (!(await hasLog(file))) url.searchParams.set('immutable', '1');
  const db = new DatabaseSync(url, { readOnly: true });
  try {
    return work(db);
  } finally {
    db.close();
  }
}

async function hasLog(file: string): Promise<boolean> {
  try {
    return (await stat(`${file}-wal`)).size > 0;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
