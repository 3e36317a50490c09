import * as vscode from 'vscode';
import { describeVaultRefusal } from '../../vault/vault-refusal.ts';
import type { Command } from '../command.ts';
import { chooseProvider } from '../ui/choose-provider.ts';

/** Asks, then removes a provider's entry and its key. What it used stays in the ledger. */
export const removeProvider: Command = {
  run: async (context, argument) => {
    const id = await chooseProvider(context, argument, vscode.l10n.t('Select a provider to remove'));
    if (id === undefined) return;
    const remove = vscode.l10n.t('Remove');
    const chosen = await vscode.window.showWarningMessage(
      vscode.l10n.t('Remove {0}?', id),
      {
        modal: true,
        detail: vscode.l10n.t(
          'Its settings and its key will be deleted. Its usage data stays in the ledger.',
        ),
      },
      remove,
    );
    if (chosen !== remove) return;
    const removed = await context.vault.remove(id);
    if (!removed.ok) {
      const { message } = describeVaultRefusal(removed.error, vscode.l10n);
      await vscode.window.showErrorMessage(vscode.l10n.t('{0} was not removed. {1}', id, message));
      return;
    }
    await context.settings.removeProvider(id);
    if (context.settings.current.defaultModel?.startsWith(`${id}/`) === true)
      await context.settings.setDefaultModel(undefined);
    const store = await context.ledger;
    await store.write(({ nowMs }) => {
      store.providers.remove(id);
      store.audit.appendAct(nowMs, 'removeProvider', { provider: id });
    });
    context.log.info(`${id} was removed, with its key.`);
  },
};
