import * as vscode from 'vscode';
import type { EditorLog } from '../editor-log.ts';

/** Shows that the metrics file could not be written. */
export async function notifyTextfileTrouble(file: string, log: EditorLog): Promise<void> {
  const openSetting = vscode.l10n.t('Open Setting');
  const showLog = vscode.l10n.t('Show Log');
  const chosen = await vscode.window.showErrorMessage(
    vscode.l10n.t(
      'Callguard: the metrics could not be written to {0}. Check that the folder exists and that you can write to it.',
      file,
    ),
    openSetting,
    showLog,
  );
  if (chosen === showLog) log.show();
  if (chosen === openSetting) {
    await vscode.commands.executeCommand('workbench.action.openSettings', 'callguard.metrics.textfile');
  }
}
