import * as vscode from 'vscode';
import type { Target } from '../../guard/call.ts';
import { messageText } from '../../shared/escape.ts';
import { nameOf } from '../../providers/config/target-name.ts';
import { testCall, type TestPorts, type TestResult } from '../../observe/test-call.ts';

/** Runs `testCall` with a progress notification in which the user can cancel it. */
export async function testCancellably(ports: TestPorts, target: Target): Promise<TestResult> {
  const location = vscode.ProgressLocation.Notification;
  const title = messageText(vscode.l10n.t('Testing {0}', nameOf(target)));
  return await vscode.window.withProgress(
    { location, title, cancellable: true },
    async (_progress, token) => {
      const abort = new AbortController();
      const cancellation = token.onCancellationRequested(() => {
        abort.abort();
      });
      try {
        return await testCall(ports, target, abort);
      } finally {
        cancellation.dispose();
      }
    },
  );
}
