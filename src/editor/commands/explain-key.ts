import * as vscode from 'vscode';
import { describeVaultRefusal } from '../../vault/vault-refusal.ts';
import { chooseProvider } from '../ui/choose-provider.ts';
import type { EditorSettings } from '../editor-settings.ts';
import { readKeyStates, type KeyStatePorts } from '../../observe/read-key-states.ts';

interface ExplainPorts extends KeyStatePorts {
  readonly settings: EditorSettings;
}

/** Shows what is wrong with a provider's key and what to do about it, where no command can fix it. */
export async function explainKey(ports: ExplainPorts, argument?: unknown): Promise<void> {
  const id = await chooseProvider(
    ports.settings,
    argument,
    vscode.l10n.t('Select a provider to explain its key'),
  );
  if (id === undefined) return;
  const state = (await readKeyStates(ports)).get(id);
  if (state === undefined || state.kind === 'set') {
    const nothing =
      state === undefined
        ? vscode.l10n.t('{0} needs no key.', id)
        : vscode.l10n.t('The key of {0} is set for {1}.', id, state.origin);
    await vscode.window.showInformationMessage(nothing);
    return;
  }
  await vscode.window.showWarningMessage(id, {
    modal: true,
    detail: describeVaultRefusal(state, vscode.l10n).message,
  });
}
