import path from 'node:path';
import * as vscode from 'vscode';
import { systemZone } from '../../../src/ledger/days.ts';
import { openLedger } from '../../../src/ledger/db/open-database.ts';
import { defaultLedgerSettings } from '../../../src/ledger/ledger-settings.ts';
import { LedgerStore } from '../../../src/ledger/ledger-store.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { systemRandom } from '../../../src/shared/random.ts';

/** The ledger of the Callguard under test, as one more window has it. To be disposed. */
export async function openHostLedger(): Promise<LedgerStore> {
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  if (workspace === undefined) throw new Error('no folder is open');
  const file = 'data/User/globalStorage/callguard.callguard/ledger/callguard.db';
  const { db } = await openLedger(path.join(workspace, '..', file), systemClock);
  return new LedgerStore(db, {
    ...defaultLedgerSettings,
    clock: systemClock,
    random: systemRandom,
    zone: systemZone() ?? 'UTC',
    auditKey: () => ({ id: 'test', key: Buffer.alloc(32) }),
    onTrouble: (error) => {
      throw error;
    },
  });
}
