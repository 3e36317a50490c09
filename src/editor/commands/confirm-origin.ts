import * as vscode from 'vscode';
import { english } from '../../shared/l10n.ts';
import { parseBaseUrl } from '../../vault/key-origin.ts';
import { describeVaultRefusal } from '../../vault/vault-refusal.ts';
import type { Vault } from '../../vault/vault.ts';
import { chooseProvider } from '../ui/choose-provider.ts';
import type { EditorSettings } from '../editor-settings.ts';
import type { Log } from '../../shared/log.ts';
import { agrees } from '../ui/modal.ts';

interface ConfirmPorts {
  readonly vault: Vault;
  readonly settings: EditorSettings;
  readonly log: Log;
}

/** Asks the user whether a provider's key may be sent to the address that the settings now name. */
export async function confirmOrigin(
  { vault, settings, log }: ConfirmPorts,
  argument?: unknown,
): Promise<void> {
  const id = await chooseProvider(
    settings,
    argument,
    vscode.l10n.t('Select a provider to confirm its address'),
  );
  if (id === undefined) return;
  const origin = settings.current.providers.usable.get(id)?.origin;
  const state = origin === undefined ? undefined : await vault.state(id, origin);
  if (state?.kind !== 'originChanged') {
    await vscode.window.showInformationMessage(vscode.l10n.t('{0} has no new address to confirm.', id));
    return;
  }
  if (!(await confirms(id, state.approved, state.wanted))) return;
  // Confirms the address that the user saw, even if the settings have changed meanwhile.
  const confirmed = await vault.confirmOrigin(id, state.wanted);
  if (confirmed.ok) {
    log.info(`${id}: the key may now be sent to ${state.wanted}.`);
    return;
  }
  log.error(
    `${id}: the address was not confirmed. ${describeVaultRefusal(confirmed.error, english).message}`,
  );
  const { message } = describeVaultRefusal(confirmed.error, vscode.l10n);
  await vscode.window.showErrorMessage(
    vscode.l10n.t('The address of {0} was not confirmed. {1}', id, message),
  );
}

async function confirms(id: string, approved: string, wanted: string): Promise<boolean> {
  const parsed = parseBaseUrl(wanted);
  const plain = parsed.ok && parsed.value.key === 'confirm';
  return agrees(
    vscode.l10n.t('Send the key of {0} to {1}?', id, wanted),
    vscode.l10n.t('Confirm Address'),
    [
      vscode.l10n.t(
        'The key was approved for {0}, but the base URL in your settings now points to {1}. Confirm only if you changed it.',
        approved,
        wanted,
      ),
      plain
        ? vscode.l10n.t('The connection is not encrypted. Anyone on the network path can read the key.')
        : '',
    ]
      .filter((text) => text !== '')
      .join('\n\n'),
  );
}
