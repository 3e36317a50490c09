import * as vscode from 'vscode';
import type { Command } from '../command.ts';

const id = 'sandbox';

/** Sets up the sandbox, a provider without key or network, so that the guard can be tried at once. */
export const trySandbox: Command = {
  run: async (context) => {
    const { settings } = context;
    if (!Object.hasOwn(settings.entries(), id)) await settings.putProvider(id, { kind: 'sandbox' });
    if (settings.current.defaultModel === undefined) {
      await settings.setDefaultModel(`${id}/echo`);
    }
    const askNow = vscode.l10n.t('Ask It Something');
    const chosen = await vscode.window.showInformationMessage(
      vscode.l10n.t('The sandbox is set up: a provider without key or network, behind the whole guard.'),
      askNow,
    );
    if (chosen === askNow) await vscode.commands.executeCommand('callguard.ask');
  },
};
