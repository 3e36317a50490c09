import { stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { importLimits, mib } from '../../shared/limits.ts';
import { ImportCancelled, SourceError } from './source-row.ts';
import type { SqliteAnswer, SqliteQuestion } from './sqlite-thread-program.ts';
import { checkRows, type ColumnMapping, type SourceTable, type TableRow } from './table.ts';

export interface ThreadOptions {
  /** The program of the thread that reads the file. */
  readonly script: string;
  /** The user cancels. */
  readonly signal: AbortSignal;
  /** How long an answer may take. */
  readonly mostMs?: number;
}

/**
 * The tables of a SQLite file. The file is opened read-only, and no file is created beside it. Rejects with SQLite's
 * error if the file cannot be read.
 */
export async function readSqliteTables(
  file: string,
  options: ThreadOptions,
): Promise<readonly SourceTable[]> {
  const answer = await ask(file, {}, options);
  if (answer.kind !== 'tables') return [];
  if (answer.tables.length > importLimits.tables)
    throw new SourceError((l10n) => l10n.t('it has more than {0} tables', importLimits.tables));
  return answer.tables.map(({ name, columns }) => ({
    name: () => name,
    columns,
    read: (mapping, signal) => readRows(file, name, mapping, { ...options, signal }),
  }));
}

async function readRows(
  file: string,
  table: string,
  mapping: ColumnMapping,
  options: ThreadOptions,
): Promise<readonly TableRow[]> {
  const answer = await ask(file, { rowsOf: { table, mapping } }, options);
  const rows = answer.kind === 'rows' ? answer.rows : [];
  checkRows(rows.length, () => table);
  return rows.map((row, index) => ({ place: (l10n) => l10n.t('{0}, row {1}', table, index + 1), ...row }));
}

async function ask(
  file: string,
  about: Pick<SqliteQuestion, 'rowsOf'>,
  { script, signal, mostMs = importLimits.databaseMs }: ThreadOptions,
): Promise<SqliteAnswer> {
  const url = pathToFileURL(file);
  const [data, log] = [await bytesOf(file), await bytesOf(`${file}-wal`)];
  if (data + log > importLimits.databaseBytes)
    throw new SourceError((l10n) => l10n.t('it is larger than {0} MiB', importLimits.databaseBytes / mib));
  // Without this SQLite creates two files beside a database in WAL mode. But if a server's write-ahead log exists, its
  // contents must be read; then both files exist already.
  if (log === 0) url.searchParams.set('immutable', '1');
  if (signal.aborted) throw new ImportCancelled();
  const workerData: SqliteQuestion = { url: url.href, ...about };
  return await inThread(new Worker(script, { workerData, execArgv: [] }), signal, mostMs);
}

/** The thread's answer, for which the user waits no longer than the limit. */
async function inThread(thread: Worker, signal: AbortSignal, mostMs: number): Promise<SqliteAnswer> {
  const tooLate = AbortSignal.timeout(mostMs);
  const stop = AbortSignal.any([signal, tooLate]);
  try {
    return await new Promise<SqliteAnswer>((resolve, reject) => {
      thread.once('message', resolve);
      thread.once('error', reject);
      stop.addEventListener('abort', () => {
        reject(signal.aborted ? new ImportCancelled() : tooSlow(mostMs));
      });
    });
  } finally {
    void thread.terminate();
  }
}

function tooSlow(mostMs: number): SourceError {
  return new SourceError((l10n) => l10n.t('reading it took longer than {0} s', mostMs / 1_000));
}

async function bytesOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
    throw error;
  }
}
