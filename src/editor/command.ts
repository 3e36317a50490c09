import type { Memento } from 'vscode';
import type { GatewayElection } from '../gateway/gateway-election.ts';
import type { Guard } from '../guard/guard.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import type { AuditReport } from '../ledger/audit/verify-audit.ts';
import type { Drafts } from '../providers/transport/drafts.ts';
import type { Clock } from '../shared/clock.ts';
import type { Wording } from '../shared/l10n.ts';
import type { Result } from '../shared/result.ts';
import type { Vault } from '../vault/vault.ts';
import type { Log } from './log.ts';
import type { EditorSettings } from './editor-settings.ts';
import type { UsagePanels } from './usage-panel/usage-panels.ts';

/** What commands work with. */
export interface CommandContext {
  readonly guard: Guard;
  readonly vault: Vault;
  readonly settings: EditorSettings;
  readonly drafts: Drafts;
  /** Rejects where the ledger cannot be opened. */
  readonly ledger: Promise<LedgerStore>;
  /** Checks every link of the audit trail. Rejects where the ledger cannot be opened. */
  readonly verifyAudit: () => Promise<AuditReport>;
  /** Goes on from an audit trail that lost its end. */
  readonly acceptTruncation: () => Promise<void>;
  /** The model ids that a provider lists, or why it does not. */
  readonly listModels: (provider: string) => Promise<Result<readonly string[], Wording>>;
  readonly gateway: GatewayElection;
  readonly usagePanels: UsagePanels;
  readonly log: Log;
  /** What is kept between sessions and is nobody's secret. */
  readonly memory: Memento;
  readonly clock: Clock;
}

export interface Command {
  /** `argument` is what VS Code passes: a tree row's provider, or nothing from the palette. */
  readonly run: (context: CommandContext, argument?: unknown) => Promise<void>;
}

/** A command is data: its id, as package.json declares it, and where it is. Activation loads none of them. */
export interface CommandEntry {
  readonly id: string;
  readonly load: () => Promise<Command>;
}
