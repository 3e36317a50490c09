import * as vscode from 'vscode';
import { gatewayAddress } from '../../gateway/port-setting.ts';
import type { Opened } from '../../ledger/ledger-opening.ts';
import type { LedgerStore } from '../../ledger/ledger-store.ts';
import type { GatewayState } from '../../ledger/readers.ts';
import type { GatewayElection } from '../../gateway/election/gateway-election.ts';
import type { EditorLog } from '../editor-log.ts';

export interface GatewayPorts {
  readonly ledger: Opened<LedgerStore>;
  readonly gateway: Opened<GatewayElection>;
  readonly log: EditorLog;
}

/** Starts the gateway for all windows. One of them serves it until it is stopped. */
export async function startGateway(ports: GatewayPorts): Promise<void> {
  const state = await served(ports);
  if (state.kind !== 'serving') return;
  const address = gatewayAddress(state.port);
  const copy = vscode.l10n.t('Copy Address');
  const tokens = vscode.l10n.t('Manage Tokens');
  const terminal = vscode.l10n.t('Open Guarded Terminal');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t('The gateway is running at {0} until you stop it.', address),
    copy,
    tokens,
    terminal,
  );
  if (chosen === copy) await vscode.env.clipboard.writeText(address);
  if (chosen === tokens) await vscode.commands.executeCommand('callguard.gatewayTokens');
  if (chosen === terminal) await vscode.commands.executeCommand('callguard.openGuardedTerminal');
}

export async function stopGateway({ gateway }: GatewayPorts): Promise<void> {
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Stopping the gateway') },
    async () => (await gateway).stop(),
  );
}

/** Copies the address, without a token. */
export async function copyGatewayAddress({ ledger }: GatewayPorts): Promise<void> {
  const state = (await ledger).gateway.state();
  if (state.kind === 'serving') {
    await vscode.env.clipboard.writeText(gatewayAddress(state.port));
    return;
  }
  const start = vscode.l10n.t('Start Gateway');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t('The gateway is not running.'),
    start,
  );
  if (chosen === start) await vscode.commands.executeCommand('callguard.startGateway');
}

/** Starts the gateway unless it is running. The window that cannot serve it shows why. */
export async function served({ ledger, gateway, log }: GatewayPorts): Promise<GatewayState> {
  const before = (await ledger).gateway.state();
  if (before.kind === 'serving') return before;
  const state = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Starting the gateway') },
    async () => (await gateway).start(),
  );
  if (state.kind !== 'starting') return state;
  const showLog = vscode.l10n.t('Show Log');
  const chosen = await vscode.window.showErrorMessage(
    vscode.l10n.t('The gateway has not started yet. See the log for the reason.'),
    showLog,
  );
  if (chosen === showLog) log.show();
  return state;
}
