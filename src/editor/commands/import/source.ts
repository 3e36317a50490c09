import process from 'node:process';
import * as vscode from 'vscode';
import { messageText } from '../../../shared/escape.ts';
import { readSourceFile } from '../../../providers/import/read-source.ts';
import { ImportCancelled, SourceError, type SourceRows } from '../../../providers/import/source-row.ts';
import { rowsOfTable } from '../../../providers/import/table.ts';
import { rowsOfEnvironment } from '../../../providers/import/variables.ts';
import type { Log } from '../../../shared/log.ts';
import { cancellably } from '../../ui/cancellably.ts';
import { pickColumns } from './mapping.ts';

const title = vscode.l10n.t('Import Keys');

/** Reads the source that the user picks. Undefined if the user cancels, or after an error was shown. */
export async function readSource(log: Log): Promise<SourceRows | undefined> {
  const file = {
    label: vscode.l10n.t('$(file) File'),
    detail: vscode.l10n.t('SQLite, JSON, or CSV with one row per provider, or .env'),
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
    if (error instanceof ImportCancelled) return undefined;
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

async function readRows(file: string): Promise<SourceRows | undefined> {
  const contents = await reading((signal) => readSourceFile(file, { script: threadScript(), signal }));
  if (contents.kind === 'rows') return contents.rows;
  const picked = await pickColumns(title, contents.tables);
  if (picked === undefined) return undefined;
  return rowsOfTable(await reading((signal) => picked.table.read(picked.mapping, signal)));
}

/** The user can cancel: a file may be large, or made to take long. */
function reading<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return cancellably(vscode.l10n.t('Reading the file'), work);
}

function threadScript(): string {
  const { extensionUri } = vscode.extensions.getExtension('callguard.callguard') ?? {};
  if (extensionUri === undefined) throw new Error('VS Code does not know the extension.');
  return vscode.Uri.joinPath(extensionUri, 'dist', 'import-thread.cjs').fsPath;
}
