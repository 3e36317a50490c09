import * as vscode from 'vscode';
import { describeStartProblem, type StartProblem } from '../../gateway/start-problem.ts';
import type { GatewayElection } from '../../gateway/election/gateway-election.ts';
import type { Disposable } from '../../shared/disposable.ts';
import { messageText } from '../../shared/escape.ts';
import type { Log } from '../../shared/log.ts';

/** Shows why the gateway cannot start, whenever this window finds that it cannot. */
export function notifyGatewayProblems(gateway: GatewayElection, log: Log): Disposable {
  return gateway.onDidChange((role) => {
    if (role.kind !== 'failing') return;
    notifyGatewayProblem(role.problem).catch((error: unknown) => {
      log.error('The message about the gateway could not be shown.', error);
    });
  });
}

async function notifyGatewayProblem(problem: StartProblem): Promise<void> {
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
