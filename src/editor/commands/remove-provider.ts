import * as vscode from 'vscode';
import type { Opened } from '../../ledger/ledger-opening.ts';
import type { LedgerStore } from '../../ledger/ledger-store.ts';
import type { Vault } from '../../vault/vault.ts';
import { describeVaultRefusal } from '../../vault/vault-refusal.ts';
import type { EditorSettings } from '../editor-settings.ts';
import type { Log } from '../../shared/log.ts';
import { chooseProvider } from '../ui/choose-provider.ts';
import { agrees } from '../ui/modal.ts';

interface RemovePorts {
  readonly vault: Vault;
  readonly settings: EditorSettings;
  readonly ledger: Opened<LedgerStore>;
  readonly log: Log;
}

/** After a confirmation, removes a provider's settings and key. Its usage stays in the ledger. */
export async function removeProvider(
  { vault, settings, ledger, log }: RemovePorts,
  argument?: unknown,
): Promise<void> {
  const id = await chooseProvider(settings, argument, vscode.l10n.t('Select a provider to remove'));
  if (id === undefined) return;
  if (
    !(await agrees(
      vscode.l10n.t('Remove {0}?', id),
      vscode.l10n.t('Remove'),
      vscode.l10n.t('Its settings and its key will be deleted. Its usage data stays in the ledger.'),
    ))
  )
    return;
  const removed = await vault.remove(id);
  if (!removed.ok) {
    const { message } = describeVaultRefusal(removed.error, vscode.l10n);
    await vscode.window.showErrorMessage(vscode.l10n.t('{0} was not removed. {1}', id, message));
    return;
  }
  await settings.removeProvider(id);
  if (settings.current.defaultModel?.startsWith(`${id}/`) === true) await settings.setDefaultModel(undefined);
  await (await ledger).removeProvider(id);
  log.info(`${id} was removed, with its key.`);
}
