import path from 'node:path';
import * as vscode from 'vscode';
import { jsonText } from '../../shared/escape.ts';
import { usageCsv } from '../../observe/usage-csv.ts';
import { readUsageRows } from '../../observe/usage-rows.ts';
import { readMetrics, readSnapshot, type MetricsPorts } from '../../observe/metrics/read-metrics.ts';
import { recordExport } from '../notify/walkthrough-progress.ts';
import { writeExport } from '../ui/write-export.ts';

interface ExportPorts extends MetricsPorts {
  readonly memory: vscode.Memento;
}

interface Format extends vscode.QuickPickItem {
  /** Also the extension of the file. */
  readonly id: 'prom' | 'json' | 'csv';
  readonly write: (ports: MetricsPorts) => Promise<string>;
}

const formats = (): readonly Format[] => [
  {
    id: 'prom',
    label: vscode.l10n.t('Prometheus text'),
    detail: vscode.l10n.t('Totals since the ledger was created, and the state of each provider'),
    write: readMetrics,
  },
  {
    id: 'json',
    label: vscode.l10n.t('JSON'),
    detail: vscode.l10n.t('Status, totals, and daily usage'),
    write: async (ports) => {
      const { status, counters } = await readSnapshot(ports);
      const totals = Object.fromEntries([...counters].map(([id, each]) => [id, Object.fromEntries(each)]));
      return jsonText({ status, totals, usage: await readUsageRows(await ports.ledger) });
    },
  },
  {
    id: 'csv',
    label: vscode.l10n.t('CSV'),
    detail: vscode.l10n.t('Usage by day, tenant, provider, and model'),
    write: async (ports) => usageCsv(await readUsageRows(await ports.ledger)),
  },
];

const lastKey = 'callguard.lastExport';

/** Writes metrics and usage into a file that the user chooses. */
export async function exportMetrics(ports: ExportPorts): Promise<void> {
  const last = ports.memory.get<string>(lastKey);
  const format = await chooseFormat(last);
  if (format === undefined) return;
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export Metrics'),
    saveLabel: vscode.l10n.t('Export'),
    filters: { [format.label]: [format.id] },
    ...(last === undefined ? {} : { defaultUri: besides(vscode.Uri.parse(last), format.id) }),
  });
  if (target === undefined) return;
  await writeExport(target, await format.write(ports));
  await ports.memory.update(lastKey, target.toString());
  await recordExport();
  await vscode.window.showInformationMessage(vscode.l10n.t('Exported the metrics to {0}.', target.fsPath));
}

/** The format used last comes first, so that Enter selects it again. */
async function chooseFormat(last: string | undefined): Promise<Format | undefined> {
  const lastId = last === undefined ? undefined : path.extname(last).slice(1);
  const sorted = formats().toSorted((a, b) => Number(b.id === lastId) - Number(a.id === lastId));
  return vscode.window.showQuickPick(sorted, {
    placeHolder: vscode.l10n.t('Select the export format'),
    ignoreFocusOut: true,
  });
}

/** The file used last, with the extension of the format. */
function besides(last: vscode.Uri, ending: string): vscode.Uri {
  return last.with({
    path: path.posix.format({ ...path.posix.parse(last.path), base: '', ext: `.${ending}` }),
  });
}
