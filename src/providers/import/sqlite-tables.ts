import { stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { SourceError } from './source-row.ts';
import type { ColumnMapping, SourceTable, TableRow } from './table.ts';

const nameSchema = z.object({ name: z.string() });

/** A table of keys has a row for each provider; what is longer is something else. */
const mostRows = 1_000;

/**
 * The tables of a SQLite file. It is opened to be read only, and nothing is made beside it. Rejects with SQLite's
 * own error for a file that cannot be read.
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
  // Rather none than some of them, and nobody knows which.
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
  // Dynamic, as not every host has it.
  const { DatabaseSync } = await import('node:sqlite');
  const url = pathToFileURL(file);
  // Without this SQLite makes two files beside a database in WAL mode. What a server has in its write-ahead log now
  // is not to be missed, though; then both are there already.
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
