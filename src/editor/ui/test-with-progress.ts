import * as vscode from 'vscode';
import type { Target } from '../../guard/call.ts';
import { messageText } from '../../shared/escape.ts';
import { nameOf } from '../../providers/config/target-name.ts';
import { testCall, type TestPorts, type TestResult } from '../../observe/test-call.ts';
import { cancellably } from './cancellably.ts';

/** Runs `testCall` with a progress notification in which the user can cancel it. */
export async function testCancellably(ports: TestPorts, target: Target): Promise<TestResult> {
  const title = messageText(vscode.l10n.t('Testing {0}', nameOf(target)));
  return await cancellably(title, (signal) => testCall(ports, target, { signal }));
}
