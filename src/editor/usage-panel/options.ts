import type { Uri } from 'vscode';
import type { Opened } from '../../ledger/ledger-opening.ts';
import type { LedgerStore } from '../../ledger/ledger-store.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Log } from '../../shared/log.ts';
import type { EditorSettings } from '../editor-settings.ts';

/** What the usage panel needs. */
export interface UsagePanelOptions {
  readonly extensionUri: Uri;
  /** Rejects where the ledger cannot be opened. */
  readonly ledger: Opened<LedgerStore>;
  readonly ledgerFile: string;
  readonly settings: EditorSettings;
  readonly clock: Clock;
  readonly log: Log;
}
