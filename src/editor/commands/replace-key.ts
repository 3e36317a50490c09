import * as vscode from 'vscode';
import { rowOf } from '../../providers/catalogue.ts';
import { Secret } from '../../shared/secret.ts';
import { describeVaultRefusal } from '../../vault/refusal.ts';
import { chooseProvider } from '../choose-provider.ts';
import type { Command, CommandContext } from '../command.ts';
import { keyProblem, mayReceiveKey } from '../enter-key.ts';

/** Asks for a provider's new key, and for nothing else. */
export const replaceKey: Command = {
  run: async (context, argument) => {
    const id = await chooseProvider(context, argument, vscode.l10n.t('Replace the key of which provider?'));
    if (id === undefined) return;
    const config = context.settings.current.providers.usable.get(id);
    if (config === undefined) {
      await vscode.window.showErrorMessage(vscode.l10n.t('{0}: mend its settings first.', id));
      return;
    }
    const { origin, kind, baseUrl } = config;
    const { keyUrl } = rowOf(kind);
    if (origin === undefined) {
      await vscode.window.showInformationMessage(vscode.l10n.t('{0} needs no key.', id));
      return;
    }
    const state = await context.vault.state(id, origin);
    const locked = state.kind === 'locked';
    if (locked && !(await mayDropLockedKey(id, state.kid))) return;
    const entered = await vscode.window.showInputBox({
      title: vscode.l10n.t('Replace the Key of {0}', id),
      prompt:
        keyUrl === undefined
          ? vscode.l10n.t('The new API key')
          : vscode.l10n.t('The new API key, from {0}', keyUrl),
      password: true,
      ignoreFocusOut: true,
      validateInput: (text) => keyProblem(kind, text.trim(), false),
    });
    if (entered === undefined || !(await mayReceiveKey(baseUrl))) return;
    await store(context, id, origin, new Secret(entered.trim()), locked);
  },
};

/** Windows that have the master key can use a locked key: it goes only if a person says so. */
async function mayDropLockedKey(id: string, kid: string): Promise<boolean> {
  const replace = vscode.l10n.t('Replace It');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('Replace the locked key of {0}?', id),
    {
      modal: true,
      detail: vscode.l10n.t(
        'It is sealed under master key {0}, which this window does not have. Windows that have it can use the key, and lose it.',
        kid,
      ),
    },
    replace,
  );
  return chosen === replace;
}

async function store(
  context: CommandContext,
  id: string,
  origin: string,
  key: Secret,
  locked: boolean,
): Promise<void> {
  const removed = locked ? await context.vault.remove(id) : undefined;
  const stored = removed?.ok === false ? removed : await context.vault.set(id, origin, key);
  if (stored.ok) {
    context.log.info(`${id}: the key was replaced.`);
    await vscode.window.showInformationMessage(vscode.l10n.t('The key of {0} was replaced.', id));
    return;
  }
  const { message } = describeVaultRefusal(stored.error);
  context.log.error(`${id}: the key was not replaced. ${message}`);
  await vscode.window.showErrorMessage(vscode.l10n.t('{0}: the key was not replaced. {1}', id, message));
}
