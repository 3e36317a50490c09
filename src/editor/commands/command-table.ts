import type { Memento } from 'vscode';
import type { Guard } from '../../guard/guard.ts';
import type { TrailKeeper } from '../../ledger/audit/trail-keeper.ts';
import type { Opened } from '../../ledger/ledger-opening.ts';
import type { LedgerStore } from '../../ledger/ledger-store.ts';
import type { ListModels } from '../../providers/config/model-lister.ts';
import type { KnownFacts } from '../../providers/pricing/model-facts.ts';
import type { DraftGuard } from '../../providers/transport/draft-guard.ts';
import type { Clock } from '../../shared/clock.ts';
import type { KeyRing } from '../../vault/key-ring.ts';
import type { Vault } from '../../vault/vault.ts';
import type { EditorSettings } from '../editor-settings.ts';
import type { GatewayElection } from '../../gateway/election/gateway-election.ts';
import type { EditorLog } from '../editor-log.ts';
import type { UsagePanels } from '../usage-panel/usage-panels.ts';

/** Everything that the commands use. Each command declares the part that it needs. */
export interface CommandPorts {
  readonly guard: Guard;
  readonly vault: Vault;
  readonly settings: EditorSettings;
  readonly draftGuard: DraftGuard;
  /** Rejects where the ledger cannot be opened. */
  readonly ledger: Opened<LedgerStore>;
  readonly ledgerFile: string;
  readonly trail: Opened<TrailKeeper>;
  readonly ring: KeyRing;
  readonly listModels: ListModels;
  readonly facts: KnownFacts;
  readonly gateway: Opened<GatewayElection>;
  readonly usagePanels: UsagePanels;
  readonly log: EditorLog;
  /** Values that are kept between sessions. None of them is secret. */
  readonly memory: Memento;
  readonly clock: Clock;
}

/** A command is data: its id, as package.json declares it, and how to load it. Activation loads no command. */
export interface CommandEntry {
  readonly id: string;
  /** VS Code passes `argument`: a tree row or a provider's id, or nothing from the command palette. */
  readonly load: () => Promise<(ports: CommandPorts, argument?: unknown) => Promise<void> | void>;
}

/** Every command is loaded when it first runs. A test compares the ids with package.json. */
export const commands: readonly CommandEntry[] = [
  { id: 'callguard.ask', load: async () => (await import('./ask.ts')).ask },
  {
    id: 'callguard.configureProvider',
    load: async () => (await import('./configure-provider.ts')).configureProvider,
  },
  { id: 'callguard.editProvider', load: async () => (await import('./configure-provider.ts')).editProvider },
  { id: 'callguard.refreshModels', load: async () => (await import('./refresh-models.ts')).refreshModels },
  { id: 'callguard.testProvider', load: async () => (await import('./test-provider.ts')).testProvider },
  { id: 'callguard.removeProvider', load: async () => (await import('./remove-provider.ts')).removeProvider },
  { id: 'callguard.setHeaderSecret', load: async () => (await import('./header-secret.ts')).setHeaderSecret },
  { id: 'callguard.replaceKey', load: async () => (await import('./replace-key.ts')).replaceKey },
  { id: 'callguard.confirmOrigin', load: async () => (await import('./confirm-origin.ts')).confirmOrigin },
  { id: 'callguard.explainKey', load: async () => (await import('./explain-key.ts')).explainKey },
  {
    id: 'callguard.rotateMasterKey',
    load: async () => (await import('./rotate-master-key.ts')).rotateMasterKey,
  },
  { id: 'callguard.importKeys', load: async () => (await import('./import-keys.ts')).importKeys },
  { id: 'callguard.resetCircuit', load: async () => (await import('./manual-override.ts')).resetCircuit },
  { id: 'callguard.tripCircuit', load: async () => (await import('./manual-override.ts')).forceCircuitOpen },
  { id: 'callguard.pauseProvider', load: async () => (await import('./manual-override.ts')).pauseProvider },
  { id: 'callguard.resumeProvider', load: async () => (await import('./manual-override.ts')).resumeProvider },
  { id: 'callguard.showStatus', load: async () => (await import('./show-status.ts')).showStatus },
  { id: 'callguard.showUsage', load: async () => (await import('./show-usage.ts')).showUsage },
  { id: 'callguard.exportMetrics', load: async () => (await import('./export-metrics.ts')).exportMetrics },
  { id: 'callguard.showAudit', load: async () => (await import('./audit-commands.ts')).showAudit },
  { id: 'callguard.verifyAudit', load: async () => (await import('./audit-commands.ts')).verifyAudit },
  { id: 'callguard.exportAudit', load: async () => (await import('./audit-commands.ts')).exportAudit },
  { id: 'callguard.startGateway', load: async () => (await import('./start-stop-gateway.ts')).startGateway },
  { id: 'callguard.stopGateway', load: async () => (await import('./start-stop-gateway.ts')).stopGateway },
  {
    id: 'callguard.copyGatewayAddress',
    load: async () => (await import('./start-stop-gateway.ts')).copyGatewayAddress,
  },
  { id: 'callguard.gatewayTokens', load: async () => (await import('./gateway-tokens.ts')).gatewayTokens },
  {
    id: 'callguard.revokeGatewayToken',
    load: async () => (await import('./gateway-tokens.ts')).revokeGatewayToken,
  },
  {
    id: 'callguard.openGuardedTerminal',
    load: async () => (await import('./guarded-terminal.ts')).openGuardedTerminal,
  },
  { id: 'callguard.connectTool', load: async () => (await import('./connect/connect-tool.ts')).connectTool },
  { id: 'callguard.removeTool', load: async () => (await import('./connect/remove-tool.ts')).removeTool },
  { id: 'callguard.trySandbox', load: async () => (await import('./try-sandbox.ts')).trySandbox },
  { id: 'callguard.showLog', load: async () => (await import('./show-log.ts')).showLog },
];
