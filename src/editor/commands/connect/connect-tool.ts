import { homedir } from 'node:os';
import process from 'node:process';
import * as vscode from 'vscode';
import {
  toolConnections,
  tokenVariable,
  type ConnectFacts,
  type Places,
  type ToolConnection,
} from '../../../gateway/connect/tool-connections.ts';
import { curlLine, variableLines } from '../../../gateway/connect/variable-lines.ts';
import { ledgerTokens } from '../../../gateway/tokens/ledger-tokens.ts';
import { gatewayAddress } from '../../../gateway/port-setting.ts';
import { offeredChats } from '../../../providers/rules/offered-models.ts';
import { nameOf } from '../../../providers/config/target-name.ts';
import { TokenBook, type TokenSettings } from '../../../gateway/tokens/tokens.ts';
import { gatewayLimits } from '../../../shared/limits.ts';
import { showToCopy } from '../../ui/modal.ts';
import { openTerminalFor } from '../guarded-terminal.ts';
import { served } from '../start-stop-gateway.ts';
import { rememberTool, type ConnectPorts } from './connected-tools.ts';
import { editSettings, showLines } from './edit-tool-settings.ts';

type Way = 'terminal' | 'settings' | 'lines' | 'variables' | 'curl';

/** Leads a tool to the gateway, with a token of its own. */
export async function connectTool(ports: ConnectPorts): Promise<void> {
  const id = await pickTool();
  if (id === undefined) return;
  const connection: ToolConnection = toolConnections[id];
  const way = await pickWay(connection);
  if (way === undefined) return;
  const facts = await factsOf(ports);
  if (facts === undefined) return;
  if (way === 'terminal') {
    await openTerminalFor({ id, label: connection.label, start: connection.command(facts) }, ports);
    return;
  }
  const { settings, lines } = connection;
  const places: Places = { home: homedir(), env: process.env, platform: process.platform };
  const edited =
    way === 'settings' && settings
      ? await editSettings(connection.label, settings, facts, places)
      : undefined;
  if (edited === 'cancelled') return;
  if (way === 'lines' && lines !== undefined) await showLines(lines.file(places), lines.text(facts));
  const book = new TokenBook(ledgerTokens(await ports.ledger), ports.clock);
  const grant = { kind: 'calls', tenant: ports.settings.current.tenant } as const;
  const issued = await book.issue(grant, {
    ...(await limitsOf(book, grant.tenant, connection.label, ports.clock.nowMs())),
    name: connection.label,
    tool: id,
  });
  await rememberTool(ports.memory, issued, edited);
  const { token } = issued;
  const variables = way === 'curl' ? { [tokenVariable]: token } : connection.variables(facts, token);
  const start = way === 'curl' ? curlLine(facts.address, facts.model) : connection.command(facts);
  const shellLines = `${variableLines(variables, vscode.env.shell, process.platform)}\n\n${start}\n`;
  const note = vscode.l10n.t(
    'Copy the lines now. The token is not shown again, because Callguard stores only its hash.',
  );
  await showToCopy(
    vscode.l10n.t('Start {0} in a shell with these lines', connection.label),
    `${shellLines}\n${note}`,
    shellLines,
  );
}

/** What the user has allowed the token that a new one replaces. */
async function limitsOf(
  book: TokenBook,
  tenant: string,
  name: string,
  nowMs: number,
): Promise<TokenSettings> {
  const before = (await book.all()).find(
    ({ grant, settings, process: terminal }) =>
      grant.kind === 'calls' && grant.tenant === tenant && settings?.name === name && terminal === undefined,
  );
  const { expiresMs, ...limits } = before?.settings ?? {};
  return expiresMs !== undefined && expiresMs > nowMs ? { ...limits, expiresMs } : limits;
}

async function pickTool(): Promise<keyof typeof toolConnections | undefined> {
  const items = Object.entries(toolConnections).map(([id, { label }]) => ({
    label,
    id: id as keyof typeof toolConnections,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Connect a Tool'),
    placeHolder: vscode.l10n.t('Select the tool that is to use the gateway'),
    ignoreFocusOut: true,
  });
  return picked?.id;
}

async function pickWay({ label, settings, lines }: ToolConnection): Promise<Way | undefined> {
  const items: (vscode.QuickPickItem & { readonly way: Way })[] = [
    {
      way: 'terminal',
      label: `$(terminal) ${vscode.l10n.t('Open a guarded terminal')}`,
      detail: vscode.l10n.t('Changes no file. The token ends when you close the terminal.'),
    },
  ];
  if (settings !== undefined) {
    items.push({
      way: 'settings',
      label: `$(settings-gear) ${vscode.l10n.t('Change the settings of {0}', label)}`,
      detail: vscode.l10n.t('Shows the change first. The token is not written to the file.'),
    });
  }
  if (lines !== undefined) {
    items.push({
      way: 'lines',
      label: `$(list-flat) ${vscode.l10n.t('Show the lines for the settings of {0}', label)}`,
      detail: vscode.l10n.t('You copy them into the file. The token is not among them.'),
    });
  }
  items.push(
    {
      way: 'variables',
      label: `$(symbol-variable) ${vscode.l10n.t('Show environment variables')}`,
      detail: vscode.l10n.t('For a shell that is not in VS Code.'),
    },
    {
      way: 'curl',
      label: `$(code) ${vscode.l10n.t('Show a curl command')}`,
      detail: vscode.l10n.t('Tries the gateway with the token of {0}.', label),
    },
  );
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Connect {0}', label),
    placeHolder: vscode.l10n.t('Select how'),
    ignoreFocusOut: true,
  });
  return picked?.way;
}

/** Undefined after a message, if the gateway is not running or has no model. */
async function factsOf(ports: ConnectPorts): Promise<ConnectFacts | undefined> {
  const state = await served(ports);
  if (state.kind !== 'serving') return undefined;
  const { current } = ports.settings;
  const offered = offeredChats(current, 'gateway', ports.facts.lookup);
  const models = [...offered.routes, ...offered.models.map(nameOf)].slice(0, gatewayLimits.toolModels);
  const model = current.defaultModel ?? models[0];
  if (model !== undefined) return { address: gatewayAddress(state.port), models, model };
  await vscode.window.showInformationMessage(
    vscode.l10n.t('The gateway offers no model yet. Use Callguard: Configure Provider to add one.'),
  );
  return undefined;
}
