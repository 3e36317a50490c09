import assert from 'node:assert/strict';
import path from 'node:path';
import type { ThreadOptions } from '../../src/providers/import/sqlite-tables.ts';
import {
  guessMapping,
  likelyTables,
  rowsOfTable,
  withAddress,
  type SourceTable,
} from '../../src/providers/import/table.ts';
import type { SourceRows } from '../../src/providers/import/source-row.ts';
import { english } from '../../src/shared/l10n.ts';

/** Reads SQLite files in a thread, which nobody cancels. */
export function importThread(signal = new AbortController().signal): ThreadOptions {
  const script = path.join(import.meta.dirname, '../../src/providers/import/sqlite-thread-program.ts');
  return { script, signal };
}

/** Rows as a user sees them, with the keys. */
export function plainRows({ rows, bad }: SourceRows): { rows: string[][]; bad: string[] } {
  return {
    rows: rows.map((row) => [
      row.place(english),
      row.provider,
      row.value.reveal(),
      ...(row.address === undefined ? [] : [row.address]),
    ]),
    bad: bad.map(({ place, problem }) => `${place(english)}: ${problem(english)}`),
  };
}

/** The rows of the most likely table, read with the guessed columns. */
export async function readLikeliest(tables: readonly SourceTable[]): Promise<ReturnType<typeof plainRows>> {
  const [table] = likelyTables(tables);
  assert.ok(table);
  const { provider, key } = guessMapping(table.columns);
  assert.ok(provider !== undefined && key !== undefined, `columns: ${table.columns.join()}`);
  const mapping = withAddress({ provider, key }, table.columns);
  return plainRows(rowsOfTable(await table.read(mapping, new AbortController().signal)));
}
