import { open, stat } from 'node:fs/promises';
import { importLimits, kib } from '../../shared/limits.ts';
import { readCsvTable } from './csv-table.ts';
import { rowsOfDotenv } from './dotenv.ts';
import { readJsonTables } from './json-tables.ts';
import { SourceError, type SourceRows } from './source-row.ts';
import { readSqliteTables, type ThreadOptions } from './sqlite-tables.ts';
import type { SourceTable } from './table.ts';

/** What a file has: rows, or tables of which the user picks one. */
export type SourceContents =
  | { readonly kind: 'rows'; readonly rows: SourceRows }
  | { readonly kind: 'tables'; readonly tables: readonly SourceTable[] };

/** https://sqlite.org/fileformat2.html#magic_header_string */
const sqliteHeader = 'SQLite format 3\0';

/** Reads a file with keys. Its contents decide what it is, not its name: a `.env` file may have any name. */
export async function readSourceFile(file: string, options: ThreadOptions): Promise<SourceContents> {
  // A pipe or a device might never end.
  if (!(await stat(file)).isFile()) throw new SourceError((l10n) => l10n.t('it is not a file'));
  const bytes = await firstBytes(file, importLimits.textBytes + 1);
  if (bytes.subarray(0, sqliteHeader.length).toString('latin1') === sqliteHeader)
    return { kind: 'tables', tables: await readSqliteTables(file, options) };
  if (bytes.length > importLimits.textBytes)
    throw new SourceError((l10n) => l10n.t('it is larger than {0} KiB', importLimits.textBytes / kib));
  // Some editors start a file with a byte order mark.
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  if (/^\s*[[{]/.test(text)) {
    const tables = readJsonTables(text);
    if (!tables.ok) throw new SourceError(tables.error);
    return { kind: 'tables', tables: tables.value };
  }
  const csv = readCsvTable(text);
  return csv === undefined ? { kind: 'rows', rows: rowsOfDotenv(text) } : { kind: 'tables', tables: [csv] };
}

async function firstBytes(file: string, most: number): Promise<Buffer> {
  const handle = await open(file);
  try {
    const bytes = Buffer.alloc(most);
    let length = 0;
    for (;;) {
      const { bytesRead } = await handle.read(bytes, length, most - length);
      length += bytesRead;
      if (bytesRead === 0 || length === most) return bytes.subarray(0, length);
    }
  } finally {
    await handle.close();
  }
}
