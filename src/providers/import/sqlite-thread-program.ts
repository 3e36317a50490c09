/**
 * The program of the thread that reads a SQLite file: `node:sqlite` blocks its caller, which must not be the extension
 * host. It answers one question and ends.
 */
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { importLimits } from '../../shared/limits.ts';
import type { ColumnMapping } from './table.ts';

/** The question for the tables, or for the rows of one of them. */
export interface SqliteQuestion {
  /** The database as a `file:` URL. */
  readonly url: string;
  readonly rowsOf?: { readonly table: string; readonly mapping: ColumnMapping };
}

/** One more table or row than allowed says that there are too many. */
export type SqliteAnswer =
  | { readonly kind: 'tables'; readonly tables: readonly { name: string; columns: string[] }[] }
  | {
      readonly kind: 'rows';
      readonly rows: readonly { provider: unknown; key: unknown; address: unknown }[];
    };

const { tables, columns, rows, nameChars, keyChars } = importLimits;

/**
 * Tables alone: a view or a virtual table runs code of the file's author, which may never end. SQLite itself refuses a
 * file in which type, name and statement do not fit together. Virtual tables must not even be listed by
 * `pragma_table_list`, which opens them.
 */
const tablesSql = `SELECT name FROM sqlite_schema
  WHERE type = 'table' AND rootpage > 0 AND sql LIKE 'CREATE TABLE %'
    AND name NOT LIKE 'sqlite~_%' ESCAPE '~' AND length(name) <= ${nameChars}
  LIMIT ${tables + 1}`;

/** Without generated columns, which are expressions of the file's author. */
const columnsSql = `SELECT name FROM pragma_table_xinfo(?)
  WHERE hidden = 0 AND length(name) <= ${nameChars} LIMIT ${columns}`;

function answer(db: DatabaseSync, { rowsOf }: SqliteQuestion): SqliteAnswer {
  const names = namesFrom(db, tablesSql);
  if (rowsOf === undefined) {
    return {
      kind: 'tables',
      tables: names.map((name) => ({ name, columns: namesFrom(db, columnsSql, name) })),
    };
  }
  const { table, mapping } = rowsOf;
  if (!names.includes(table)) throw new Error(`no such table: ${table}`);
  const address = mapping.address === undefined ? 'NULL' : cell(mapping.address);
  const sql = `SELECT ${cell(mapping.provider)} AS provider, ${cell(mapping.key)} AS key, ${address} AS address
    FROM ${quoted(table)} NOT INDEXED LIMIT ${rows + 1}`;
  const found: { provider: unknown; key: unknown; address: unknown }[] = [];
  // Row by row, because the thread can be stopped between two rows.
  for (const row of db.prepare(sql).iterate()) {
    found.push({ provider: row['provider'], key: row['key'], address: row['address'] });
  }
  return { kind: 'rows', rows: found };
}

function namesFrom(db: DatabaseSync, sql: string, ...values: string[]): string[] {
  return db
    .prepare(sql)
    .all(...values)
    .map((row) => String(row['name']));
}

/** Texts and bytes alone. What is too long is not read: its place is taken by something else that is too long. */
function cell(column: string): string {
  const name = quoted(column);
  return `CASE WHEN typeof(${name}) NOT IN ('text', 'blob') THEN NULL
    WHEN octet_length(${name}) > ${4 * keyChars} THEN zeroblob(${keyChars + 1}) ELSE ${name} END`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

const question = workerData as SqliteQuestion;
const database = new DatabaseSync(new URL(question.url), { readOnly: true });
database.exec('PRAGMA trusted_schema = OFF');
parentPort?.postMessage(answer(database, question));
database.close();
