import * as vscode from 'vscode';
import { describeStartProblem, type StartProblem } from '../../gateway/start-problem.ts';
import { messageText } from '../../shared/escape.ts';

/** Says why the gateway cannot be served, with what can be done about it. */
export async function notifyGatewayProblem(problem: StartProblem): Promise<void> {
  const change = vscode.l10n.t('Change Port');
  const stop = vscode.l10n.t('Stop Gateway');
  const buttons = problem.kind === 'portInUse' ? [change, stop] : [stop];
  const chosen = await vscode.window.showErrorMessage(
    vscode.l10n.t(
      'Callguard: the gateway could not start. {0}',
      messageText(describeStartProblem(problem, vscode.l10n)),
    ),
    ...buttons,
  );
  if (chosen === change) {
    await vscode.commands.executeCommand('workbench.action.openSettings', 'callguard.gateway.port');
  }
  if (chosen === stop) await vscode.commands.executeCommand('callguard.stopGateway');
}
