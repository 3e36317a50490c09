import * as vscode from 'vscode';
import type { StartProblem } from '../../gateway/gateway.ts';

/** Says why the gateway cannot be served, with what can be done about it. */
export async function tellProblem({ kind, message }: StartProblem): Promise<void> {
  const change = vscode.l10n.t('Change Port');
  const stop = vscode.l10n.t('Stop Gateway');
  const buttons = kind === 'portInUse' ? [change, stop] : [stop];
  const chosen = await vscode.window.showErrorMessage(
    vscode.l10n.t('Callguard: the gateway cannot be served. {0}', message),
    ...buttons,
  );
  if (chosen === change) {
    await vscode.commands.executeCommand('workbench.action.openSettings', 'callguard.gateway.port');
  }
  if (chosen === stop) await vscode.commands.executeCommand('callguard.stopGateway');
}
