import * as vscode from 'vscode';
import { SourceError } from '../../../providers/import/source-row.ts';
import {
  guessMapping,
  likelyTables,
  type ColumnMapping,
  type SourceTable,
  withAddress,
} from '../../../providers/import/table.ts';

/** Asks the user which table and columns to read, and proposes the likeliest. */
export async function pickColumns(
  title: string,
  tables: readonly SourceTable[],
): Promise<{ readonly table: SourceTable; readonly mapping: ColumnMapping } | undefined> {
  const likely = likelyTables(tables);
  if (likely.length === 0)
    throw new SourceError((l10n) => l10n.t('it has no table with a provider column and a key column'));
  const table = await pickTable(title, likely);
  if (table === undefined) return undefined;
  const guess = guessMapping(table.columns);
  const name = table.name(vscode.l10n);
  const provider = await pickColumn(
    title,
    vscode.l10n.t("Which column of '{0}' names the provider?", name),
    table.columns,
    guess.provider,
  );
  if (provider === undefined) return undefined;
  const key = await pickColumn(
    title,
    vscode.l10n.t("Which column of '{0}' holds the API key?", name),
    table.columns.filter((column) => column !== provider),
    guess.key,
  );
  return key === undefined ? undefined : { table, mapping: withAddress({ provider, key }, table.columns) };
}

async function pickTable(title: string, likely: readonly SourceTable[]): Promise<SourceTable | undefined> {
  if (likely.length === 1) return likely[0];
  const picked = await vscode.window.showQuickPick(
    likely.map((table) => ({
      label: table.name(vscode.l10n),
      description: table.columns.join(', '),
      table,
    })),
    { title, placeHolder: vscode.l10n.t('Which table holds the keys?'), ignoreFocusOut: true },
  );
  return picked?.table;
}

async function pickColumn(
  title: string,
  placeHolder: string,
  columns: readonly string[],
  guess: string | undefined,
): Promise<string | undefined> {
  // Enter confirms the first column.
  const sorted = guess === undefined ? columns : [guess, ...columns.filter((column) => column !== guess)];
  return await vscode.window.showQuickPick(sorted, { title, placeHolder, ignoreFocusOut: true });
}
