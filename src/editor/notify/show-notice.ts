import * as vscode from 'vscode';
import type { EditorLog } from '../editor-log.ts';
import type { Notice, NoticeAction } from './notifier.ts';

/** Resolves with the action that the user chose; undefined when they closed the message. */
export async function showNotice({ severity, text, actions }: Notice): Promise<NoticeAction | undefined> {
  const labels = actions.map(({ label }) => label);
  const chosen = await showMessage(severity, text(vscode.l10n), labels);
  return actions.find(({ label }) => label === chosen);
}

function showMessage(severity: Notice['severity'], text: string, labels: string[]) {
  switch (severity) {
    case 'info':
      return vscode.window.showInformationMessage(text, ...labels);
    case 'warning':
      return vscode.window.showWarningMessage(text, ...labels);
    case 'error':
      return vscode.window.showErrorMessage(text, ...labels);
  }
}

export function showLogAction(log: Pick<EditorLog, 'show'>): NoticeAction {
  return {
    label: vscode.l10n.t('Show Log'),
    run: () => {
      log.show();
    },
  };
}

export function commandAction(label: string, command: string, argument?: string): NoticeAction {
  return { label, run: () => vscode.commands.executeCommand(command, argument) };
}
