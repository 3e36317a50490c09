import * as vscode from 'vscode';

/** Asks in a dialog, and returns whether the user chose `yes`. */
export async function agrees(question: string, yes: string, detail = ''): Promise<boolean> {
  const options = { modal: true, ...(detail === '' ? {} : { detail }) };
  return (await vscode.window.showWarningMessage(question, options, yes)) === yes;
}

/**
 * Shows a text that the user may copy. It is a dialog, because a notification stays in the notification centre, where
 * anybody can open it.
 */
export async function showToCopy(title: string, detail: string, copied: string): Promise<void> {
  const copy = { title: vscode.l10n.t('Copy') };
  const done = { title: vscode.l10n.t('Done'), isCloseAffordance: true };
  const chosen = await vscode.window.showInformationMessage(title, { modal: true, detail }, copy, done);
  if (chosen === copy) await vscode.env.clipboard.writeText(copied);
}
