import { readFile } from 'node:fs/promises';
import process from 'node:process';
import * as vscode from 'vscode';
import { messageText } from '../../../shared/escape.ts';
import { readJsonTables } from '../../../providers/import/json-tables.ts';
import { SourceError, type SourceRows } from '../../../providers/import/source-row.ts';
import { readSqliteTables } from '../../../providers/import/sqlite-tables.ts';
import { rowsOfDotenv, rowsOfEnvironment } from '../../../providers/import/variables.ts';
import type { Log } from '../../../shared/log.ts';
import { readTable } from './mapping.ts';

const title = vscode.l10n.t('Import Keys');

/** Reads the source that the user picks. Undefined if the user cancels, or after an error was shown. */
export async function readSource(log: Log): Promise<SourceRows | undefined> {
  const file = {
    label: vscode.l10n.t('$(file) File'),
    detail: vscode.l10n.t('SQLite or JSON with one row per provider, or .env'),
    environment: false,
  };
  const environment = {
    label: vscode.l10n.t('$(terminal) Environment variables of this window'),
    detail: vscode.l10n.t('OPENAI_API_KEY, ANTHROPIC_API_KEY, and so on'),
    environment: true,
  };
  const picked = await vscode.window.showQuickPick([file, environment], {
    title,
    placeHolder: vscode.l10n.t('Select where to import keys from. The source is not changed.'),
    ignoreFocusOut: true,
  });
  if (picked === undefined) return undefined;
  return picked.environment ? rowsOfEnvironment(process.env) : await readFileSource(log);
}

async function readFileSource(log: Log): Promise<SourceRows | undefined> {
  const [uri] =
    (await vscode.window.showOpenDialog({
      title,
      openLabel: vscode.l10n.t('Import'),
      canSelectMany: false,
    })) ?? [];
  if (uri === undefined) return undefined;
  try {
    if (uri.scheme !== 'file')
      throw new SourceError((l10n) => l10n.t('it is not on the machine where Callguard runs'));
    return await readRows(uri.fsPath);
  } catch (error) {
    log.error(`${uri.fsPath} could not be read for an import.`, error);
    const reason = log.clean(wordsOf(error));
    await vscode.window.showErrorMessage(
      vscode.l10n.t('The file could not be read: {0}', messageText(reason)),
    );
    return undefined;
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof SourceError) return error.words(vscode.l10n);
  return error instanceof Error ? error.message : String(error);
}

/** https://sqlite.org/fileformat2.html#magic_header_string */
const sqliteHeader = 'SQLite format 3\0';

/** Decides by content, not by name: a `.env` file may have any name. */
async function readRows(file: string): Promise<SourceRows | undefined> {
  const bytes = await readFile(file);
  if (bytes.subarray(0, sqliteHeader.length).toString('latin1') === sqliteHeader)
    return await readTable(title, await readSqliteTables(file));
  const text = bytes.toString('utf8');
  if (!/^\ufeff?\s*[[{]/.test(text)) return rowsOfDotenv(text);
  const tables = readJsonTables(text);
  if (!tables.ok) throw new SourceError(tables.error);
  return await readTable(title, tables.value);
}
