import * as vscode from 'vscode';
import { labelText } from '../../shared/escape.ts';
import { settingsLimits } from '../../shared/limits.ts';
import type { EditorSettings } from '../editor-settings.ts';
import { KeyRow, ProviderRow } from '../views/provider-row.ts';

/** The provider of a tree row or an id that a command received, or the one that the user picks. */
export async function chooseProvider(
  settings: EditorSettings,
  argument: unknown,
  placeholder: string,
): Promise<string | undefined> {
  if (argument instanceof ProviderRow || argument instanceof KeyRow) return argument.provider;
  if (typeof argument === 'string' && argument.length <= settingsLimits.idChars) return argument;
  const ids = Object.keys(settings.entries());
  if (ids.length === 0) {
    await vscode.window.showInformationMessage(
      vscode.l10n.t('No provider is set up. Use Callguard: Configure Provider to add one.'),
    );
    return undefined;
  }
  const items = ids.map((id) => ({ label: labelText(id), id }));
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: placeholder,
    ignoreFocusOut: true,
  });
  return picked?.id;
}
