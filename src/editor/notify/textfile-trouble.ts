import * as vscode from 'vscode';
import type { Disposable } from '../../shared/disposable.ts';
import type { Event } from '../../shared/emitter.ts';
import type { EditorLog } from '../editor-log.ts';

/** Shows that a metrics file could not be written. */
export function notifyTextfileTroubles(onTrouble: Event<string>, log: EditorLog): Disposable {
  return onTrouble((file) => {
    notify(file, log).catch((error: unknown) => {
      log.error('The notification about the metrics file could not be shown.', error);
    });
  });
}

async function notify(file: string, log: EditorLog): Promise<void> {
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
