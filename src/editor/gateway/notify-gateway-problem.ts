import * as vscode from 'vscode';
import { describeStartProblem, storedProblem, type StartProblem } from '../../gateway/start-problem.ts';
import type { GatewayElection } from '../../gateway/election/gateway-election.ts';
import type { Disposable } from '../../shared/disposable.ts';
import { messageText } from '../../shared/escape.ts';
import { ReportedStates } from '../../shared/reported-states.ts';
import type { Notice, Notifier } from '../notify/notifier.ts';
import { commandAction } from '../notify/show-notice.ts';

/** Shows why the gateway cannot start, when this window finds that it cannot. */
export function notifyGatewayProblems(gateway: GatewayElection, notifier: Notifier): Disposable {
  const reported = new ReportedStates();
  return gateway.onDidChange((role) => {
    // While this window stands by, the problem may still be there.
    if (role.kind === 'serving' || role.kind === 'off') reported.update([]);
    if (role.kind !== 'failing') return;
    const { problem } = role;
    const news = reported.update([storedProblem(problem)]);
    if (news.length > 0) notifier.notify(noticeOf(problem));
  });
}

function noticeOf(problem: StartProblem): Notice {
  const change = commandAction(
    vscode.l10n.t('Change Port'),
    'workbench.action.openSettings',
    'callguard.gateway.port',
  );
  const stop = commandAction(vscode.l10n.t('Stop Gateway'), 'callguard.stopGateway');
  return {
    severity: 'error',
    text: (l10n) =>
      l10n.t('Callguard: the gateway could not start. {0}', messageText(describeStartProblem(problem, l10n))),
    actions: problem.kind === 'portInUse' ? [change, stop] : [stop],
  };
}
