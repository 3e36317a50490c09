import path from 'node:path';
import * as vscode from 'vscode';
import { systemZone } from '../../../src/ledger/days.ts';
import { openTestLedger, type TestLedger } from '../open-ledger.ts';

/** The ledger of the Callguard under test, as one more window has it. To be disposed. */
export async function openHostLedger(): Promise<TestLedger> {
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  if (workspace === undefined) throw new Error('no folder is open');
  const file = 'data/User/globalStorage/callguard.callguard/ledger/callguard.db';
  return await openTestLedger(path.join(workspace, '..', file), {
    zone: systemZone() ?? 'UTC',
    auditKey: () => ({ id: 'test', key: Buffer.alloc(32) }),
  });
}
