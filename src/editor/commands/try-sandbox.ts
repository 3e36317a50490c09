import * as vscode from 'vscode';
import type { EditorSettings } from '../editor-settings.ts';

const id = 'sandbox';

/** Sets up the sandbox, a provider without key or network, so that the user can try the guard at once. */
export async function trySandbox({ settings }: { readonly settings: EditorSettings }): Promise<void> {
  if (!Object.hasOwn(settings.entries(), id)) await settings.putProvider(id, { kind: 'sandbox' });
  if (settings.current.defaultModel === undefined) {
    await settings.setDefaultModel(`${id}/echo`);
  }
  const askNow = vscode.l10n.t('Ask');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t(
      "The sandbox is ready. It needs no key and no network, and all of Callguard's checks apply to it.",
    ),
    askNow,
  );
  if (chosen === askNow) await vscode.commands.executeCommand('callguard.ask');
}
