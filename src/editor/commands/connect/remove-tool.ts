import { homedir } from 'node:os';
import type { Memento } from 'vscode';
import * as vscode from 'vscode';
import { takeBack, type ConnectedSettings } from '../../../gateway/connect/connected-settings.ts';
import { ledgerTokens } from '../../../gateway/tokens/ledger-tokens.ts';
import { TokenBook, type TokenRow } from '../../../gateway/tokens/tokens.ts';
import { tokenName } from '../../gateway/token-name.ts';
import { agrees } from '../../ui/modal.ts';
import { GatewayTokenRow } from '../../views/gateway-rows.ts';
import { forgetTool, settingsOf, type ConnectPorts } from './connected-tools.ts';
import { problemText } from './edit-tool-settings.ts';

/** Takes back the settings that Connect a Tool has written, and revokes the tool's token. */
export async function removeTool(
  { ledger, clock, memory }: Pick<ConnectPorts, 'ledger' | 'clock' | 'memory'>,
  argument?: unknown,
): Promise<void> {
  const book = new TokenBook(ledgerTokens(await ledger), clock);
  const row = await choose(await book.all(), argument);
  if (row !== undefined) await removeToolOf(row, book, memory);
}

export async function removeToolOf(row: TokenRow, book: TokenBook, memory: Memento): Promise<void> {
  const connected = settingsOf(memory, row.id);
  const question = vscode.l10n.t('Remove {0}?', tokenName(row));
  const detail =
    connected === undefined
      ? vscode.l10n.t('Its token will be revoked.')
      : vscode.l10n.t('Its token will be revoked, and the change in {0} taken back.', connected.file);
  if (!(await agrees(question, vscode.l10n.t('Remove'), detail))) return;
  await book.revoke(row.id);
  if (connected === undefined) return;
  await takeSettingsBack(connected);
  await forgetTool(memory, row.id);
}

async function takeSettingsBack(connected: ConnectedSettings): Promise<void> {
  const { file, undo } = connected;
  const kept = await takeBack(connected, homedir());
  const paths = kept.ok ? kept.value : undo.map(({ path }) => path.join('.'));
  if (paths.length === 0) return;
  const why = kept.ok ? vscode.l10n.t('{0} has other values by now.', file) : problemText(kept.error, file);
  await vscode.window.showWarningMessage(
    vscode.l10n.t('{0} Check these settings: {1}.', why, paths.join(', ')),
  );
}

async function choose(rows: readonly TokenRow[], argument: unknown): Promise<TokenRow | undefined> {
  const tools = rows.filter(({ settings, process }) => settings?.tool !== undefined && process === undefined);
  if (argument instanceof GatewayTokenRow) return tools.find(({ id }) => id === argument.token);
  if (tools.length === 0) {
    await vscode.window.showInformationMessage(vscode.l10n.t('No tool is connected.'));
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(
    tools.map((row) => ({ label: tokenName(row), row })),
    { placeHolder: vscode.l10n.t('Select a tool to remove'), ignoreFocusOut: true },
  );
  return picked?.row;
}
