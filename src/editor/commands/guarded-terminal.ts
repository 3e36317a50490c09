import * as vscode from 'vscode';
import { clientEnvironment } from '../../gateway/client-environment.ts';
import { ledgerTokens } from '../../gateway/tokens/ledger-tokens.ts';
import { gatewayAddress } from '../../gateway/port-setting.ts';
import { shellCheck } from '../../gateway/tokens/terminal-check.ts';
import { TerminalOwners } from '../../gateway/tokens/terminal-owners.ts';
import { TokenBook } from '../../gateway/tokens/tokens.ts';
import type { EditorSettings } from '../editor-settings.ts';
import type { Clock } from '../../shared/clock.ts';
import { checkTerminal, shellIsHere } from '../gateway/check-terminal.ts';
import { served, type GatewayPorts } from './start-stop-gateway.ts';

export interface TerminalPorts extends GatewayPorts {
  readonly ledgerFile: string;
  readonly settings: EditorSettings;
  readonly clock: Clock;
}

/** The tool that a terminal is opened for. */
interface TerminalTool {
  readonly id: string;
  readonly label: string;
  /** The command that starts it. */
  readonly start: string;
}

/** Opens a terminal whose tools use the gateway, on the account of this window's tenant. */
export async function openGuardedTerminal(ports: TerminalPorts): Promise<void> {
  await openTerminalFor(undefined, ports);
}

export async function openTerminalFor(tool: TerminalTool | undefined, ports: TerminalPorts): Promise<void> {
  if (!(await reachesGateway()) || !(await shellIsHere())) return;
  const state = await served(ports);
  if (state.kind === 'serving') await openTerminal(ports, state.port, tool);
}

async function openTerminal(
  { ledger, ledgerFile, settings, clock, log }: TerminalPorts,
  port: number,
  tool: TerminalTool | undefined,
): Promise<void> {
  const book = new TokenBook(ledgerTokens(await ledger), clock);
  await new TerminalOwners(ledgerFile, clock).hold(book);
  const { tenant, providers } = settings.current;
  const ids = [...providers.usable.keys(), ...providers.broken.map(({ id }) => id)];
  const { id, token } = await book.issueForTerminal(tenant, process.pid, tool?.id);
  const about = vscode.l10n.t(
    'LLM tools that you start here send their calls through Callguard at {0}. The calls are counted for tenant {1}.',
    gatewayAddress(port),
    tenant,
  );
  const terminal = vscode.window.createTerminal({
    name: vscode.l10n.t('Guarded'),
    iconPath: new vscode.ThemeIcon('shield'),
    // Otherwise VS Code keeps the variables on disk to restore the terminal in the next session.
    isTransient: true,
    env: { ...clientEnvironment(port, token, process.env, ids), ...shellCheck(vscode.env.shell)?.env },
    message:
      tool === undefined
        ? about
        : `${about}\r\n${vscode.l10n.t('Start {0} with: {1}', tool.label, tool.start)}`,
  });
  const subscription = vscode.window.onDidCloseTerminal((closed) => {
    if (closed !== terminal) return;
    subscription.dispose();
    book.revoke(id).catch((error: unknown) => {
      log.error('The token of a closed terminal could not be revoked.', error);
    });
  });
  terminal.show();
  checkTerminal(terminal, ids, { log, clock });
}

/** A terminal on another machine would look for the gateway there. */
async function reachesGateway(): Promise<boolean> {
  const extension = vscode.extensions.getExtension('callguard.callguard');
  const isRemote = vscode.env.remoteName !== undefined;
  if (!isRemote || extension?.extensionKind !== vscode.ExtensionKind.UI) return true;
  await vscode.window.showInformationMessage(
    vscode.l10n.t(
      'Terminals in this window run on another machine, which cannot reach the gateway on this one.',
    ),
  );
  return false;
}
