import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { AuditRow } from '../../ledger/audit.ts';
import type { LedgerStore } from '../../ledger/store.ts';
import { describeAuditFault } from '../../ledger/verify-audit.ts';
import { auditJson, auditLine, bodyOf } from '../../observe/audit-text.ts';
import type { Command, CommandContext } from '../command.ts';

const rowsAtOnce = 500;
/** More than anybody reads; the export has all. */
const mostShown = 5_000;

/** All rows, a chunk at a time, the oldest first. */
function* auditRows(store: LedgerStore): Generator<AuditRow, void, void> {
  for (let rows = store.audit.after(0, rowsAtOnce); rows.length > 0;) {
    yield* rows;
    rows = store.audit.after(rows.at(-1)?.seq ?? 0, rowsAtOnce);
  }
}

/** The audit trail as a document, the newest row first, of one kind or provider if a person wants that. */
export const showAudit: Command = {
  run: async (context) => {
    const store = await context.ledger;
    const filter = await chooseFilter(context);
    if (filter === undefined) return;
    const lines = [...auditRows(store)].filter(filter.matches).slice(-mostShown).map(auditLine).reverse();
    const content = lines.length > 0 ? lines.join('\n') : vscode.l10n.t('No row matches.');
    const document = await vscode.workspace.openTextDocument({ language: 'log', content });
    await vscode.window.showTextDocument(document, { preview: true });
  },
};

interface Filter {
  readonly label: string;
  readonly matches: (row: AuditRow) => boolean;
}

async function chooseFilter(context: CommandContext): Promise<Filter | undefined> {
  const ofKind = (label: string, kind: string): Filter => ({ label, matches: (row) => row.kind === kind });
  const filters: Filter[] = [
    { label: vscode.l10n.t('Everything'), matches: () => true },
    ofKind(vscode.l10n.t('Calls'), 'call'),
    {
      label: vscode.l10n.t('Calls that were refused or failed'),
      matches: (row) => row.kind === 'call' && bodyOf(row)?.['outcome'] !== 'done',
    },
    ofKind(vscode.l10n.t('Circuits'), 'circuit'),
    ofKind(vscode.l10n.t('Keys'), 'key'),
    ofKind(vscode.l10n.t('What was done by hand'), 'person'),
    ...Object.keys(context.settings.entries()).map((provider) => ({
      label: vscode.l10n.t('Provider {0}', provider),
      matches: (row: AuditRow) => bodyOf(row)?.['provider'] === provider,
    })),
  ];
  return vscode.window.showQuickPick(filters, {
    placeHolder: vscode.l10n.t('Show what of the audit trail?'),
    ignoreFocusOut: true,
  });
}

/** Checks every link of the trail and says what is not as it was written, and where. */
export const verifyAudit: Command = {
  run: async (context) => {
    const report = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Verifying the audit trail') },
      () => context.verifyAudit(),
    );
    if (report.faults.length === 0) {
      await vscode.window.showInformationMessage(
        vscode.l10n.t('The audit trail is sound: {0} rows, each linked to the one before.', report.rows),
      );
      return;
    }
    const faults = report.faults.map(describeAuditFault);
    for (const fault of faults) context.log.error(`Audit trail: ${fault}`);
    const show = vscode.l10n.t('Show Log');
    const message = vscode.l10n.t('The audit trail is not as it was written. {0}', faults[0] ?? '');
    if ((await vscode.window.showErrorMessage(message, show)) === show) context.log.show();
  },
};

/** Every row as a line of JSON, in a file of the person's choice, written whole or not at all. */
export const exportAudit: Command = {
  run: async (context) => {
    const target = await vscode.window.showSaveDialog({
      title: vscode.l10n.t('Export the Audit Trail'),
      saveLabel: vscode.l10n.t('Export'),
      filters: { 'JSON Lines': ['jsonl'] },
    });
    if (target === undefined) return;
    const rows = await writeRows(await context.ledger, target.fsPath);
    await vscode.window.showInformationMessage(
      vscode.l10n.t('{0} rows were exported to {1}.', rows, target.fsPath),
    );
  },
};

async function writeRows(store: LedgerStore, file: string): Promise<number> {
  const unfinished = `${file}.${randomUUID()}`;
  try {
    const handle = await open(unfinished, 'wx', 0o600);
    let rows = 0;
    try {
      for (const row of auditRows(store)) {
        await handle.write(`${auditJson(row)}\n`);
        rows += 1;
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, file);
    return rows;
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
