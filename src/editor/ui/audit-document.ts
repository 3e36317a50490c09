import * as vscode from 'vscode';
import type { LedgerStore } from '../../ledger/ledger-store.ts';
import { readAuditRows, type AuditFilter } from '../../observe/audit-filter.ts';
import { auditLine } from '../../observe/audit-lines.ts';
import { shownLimits } from '../../shared/limits.ts';

/** Shows these rows of the audit trail as a document, the newest first. */
export async function showAuditRows(store: LedgerStore, filter: AuditFilter): Promise<void> {
  const lines = (await readAuditRows(store, filter, shownLimits.auditRows)).map(auditLine);
  const content = lines.length > 0 ? lines.join('\n') : vscode.l10n.t('No rows match.');
  const document = await vscode.workspace.openTextDocument({ language: 'log', content });
  await vscode.window.showTextDocument(document, { preview: true });
}
