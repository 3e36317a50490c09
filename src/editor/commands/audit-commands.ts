import * as vscode from 'vscode';
import type { AuditRow } from '../../ledger/readers.ts';
import type { Opened } from '../../ledger/ledger-opening.ts';
import type { LedgerStore } from '../../ledger/ledger-store.ts';
import { describeAuditFault } from '../../ledger/audit/audit-faults.ts';
import type { AuditReport, TrailKeeper } from '../../ledger/audit/trail-keeper.ts';
import type { AuditFilter } from '../../observe/audit-filter.ts';
import { auditJson } from '../../observe/audit-lines.ts';
import { english } from '../../shared/l10n.ts';
import { showAuditRows } from '../ui/audit-document.ts';
import type { EditorSettings } from '../editor-settings.ts';
import type { EditorLog } from '../editor-log.ts';
import { writeExport } from '../ui/write-export.ts';
import { agrees } from '../ui/modal.ts';

interface AuditPorts {
  readonly settings: EditorSettings;
  readonly ledger: Opened<LedgerStore>;
  readonly trail: Opened<TrailKeeper>;
  readonly log: EditorLog;
}

const rowsAtOnce = 500;

/** Reads all rows in chunks, the oldest first. */
function* auditRows(store: LedgerStore): Generator<AuditRow, void, void> {
  for (let rows = store.audit.after(0, rowsAtOnce); rows.length > 0;) {
    yield* rows;
    rows = store.audit.after(rows.at(-1)?.seq ?? 0, rowsAtOnce);
  }
}

/** Shows the audit trail as a document, the newest row first. The user may limit it to one kind or provider. */
export async function showAudit({ ledger, settings }: AuditPorts): Promise<void> {
  const store = await ledger;
  const chosen = await chooseFilter(settings);
  if (chosen !== undefined) await showAuditRows(store, chosen.filter);
}

interface Choice {
  readonly label: string;
  readonly filter: AuditFilter;
}

async function chooseFilter(settings: EditorSettings): Promise<Choice | undefined> {
  const choices: Choice[] = [
    { label: vscode.l10n.t('All rows'), filter: {} },
    { label: vscode.l10n.t('Calls'), filter: { kind: 'call' } },
    {
      label: vscode.l10n.t('Refused and failed calls'),
      filter: { kind: 'call', outcomes: ['refused', 'failed', 'aborted'] },
    },
    { label: vscode.l10n.t('Circuits'), filter: { kind: 'circuit' } },
    { label: vscode.l10n.t('Keys'), filter: { kind: 'key' } },
    { label: vscode.l10n.t('Manual overrides'), filter: { kind: 'user' } },
    ...Object.keys(settings.entries()).map((provider) => ({
      label: vscode.l10n.t('Provider {0}', provider),
      filter: { provider },
    })),
  ];
  return vscode.window.showQuickPick(choices, {
    placeHolder: vscode.l10n.t('Select the audit rows to show'),
    ignoreFocusOut: true,
  });
}

/** Checks every link of the audit trail and shows what was changed, and where. */
export async function verifyAudit(ports: AuditPorts): Promise<void> {
  const report = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Verifying the audit trail') },
    async () => (await ports.trail).verify(),
  );
  const [first] = report.faults;
  if (first === undefined) {
    await notifySound(report);
    return;
  }
  for (const fault of report.faults) {
    ports.log.error(`Audit trail: ${describeAuditFault(fault, english)}`);
  }
  const show = vscode.l10n.t('Show Log');
  const goOn = vscode.l10n.t('Continue from Here');
  const message = vscode.l10n.t(
    'The audit trail failed verification. {0}',
    describeAuditFault(first, vscode.l10n),
  );
  const buttons = report.canAccept ? [goOn, show] : [show];
  const chosen = await vscode.window.showErrorMessage(message, ...buttons);
  if (chosen === show) ports.log.show();
  if (chosen === goOn) await goOnFromHere(ports);
}

async function notifySound(report: AuditReport): Promise<void> {
  const { rows, unsignedRows, isAnchorSigned, isWitnessRead } = report;
  const gaps = [
    ...(unsignedRows === 0
      ? []
      : [
          vscode.l10n.t(
            '{0} of them were written without a master key, or with one that only the key ring file has, and cannot be authenticated.',
            unsignedRows,
          ),
        ]),
    ...(isAnchorSigned
      ? []
      : [
          vscode.l10n.t('The anchor file is not signed yet, so rows may be missing at the end of the trail.'),
        ]),
    ...(isWitnessRead
      ? []
      : [
          vscode.l10n.t(
            'The secret storage cannot be read, so this may be an older copy of the trail. Verify again later.',
          ),
        ]),
  ];
  if (gaps.length === 0) {
    await vscode.window.showInformationMessage(
      vscode.l10n.t('The audit trail is intact. All {0} rows were verified.', rows),
    );
    return;
  }
  const links = vscode.l10n.t('The links of all {0} rows of the audit trail are intact.', rows);
  await vscode.window.showWarningMessage([links, ...gaps].join(' '));
}

/**
 * While the end of a trail is lost or cannot be checked, no further truncation can be detected. So the user decides.
 */
async function goOnFromHere({ trail, log }: AuditPorts): Promise<void> {
  if (
    !(await agrees(
      vscode.l10n.t('Continue an audit trail whose end cannot be verified?'),
      vscode.l10n.t('Continue'),
      vscode.l10n.t(
        'A restored backup or a power failure can cause this, but so can someone who deletes rows to hide them. If you continue, your decision is recorded in the trail, and Callguard detects truncation again from that row on. Missing rows are not restored.',
      ),
    ))
  )
    return;
  if (!(await (await trail).accept())) {
    await vscode.window.showErrorMessage(
      vscode.l10n.t(
        'The audit trail cannot continue without a master key. Set LLM_SECRET_KEY, then try again.',
      ),
    );
    return;
  }
  log.warn('Audit trail: the user continues a trail whose end cannot be verified.');
  await vscode.window.showInformationMessage(vscode.l10n.t('The audit trail continues from here.'));
}

/** Writes every row as a line of JSON into a file that the user chooses. */
export async function exportAudit({ ledger }: AuditPorts): Promise<void> {
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export Audit Trail'),
    saveLabel: vscode.l10n.t('Export'),
    filters: { 'JSON Lines': ['jsonl'] },
  });
  if (target === undefined) return;
  const rows = await writeRows(await ledger, target);
  await vscode.window.showInformationMessage(vscode.l10n.t('Exported {0} rows to {1}.', rows, target.fsPath));
}

async function writeRows(store: LedgerStore, target: vscode.Uri): Promise<number> {
  let rows = 0;
  const lines = function* () {
    for (const row of auditRows(store)) {
      rows += 1;
      yield `${auditJson(row)}\n`;
    }
  };
  await writeExport(target, lines());
  return rows;
}
