import * as vscode from 'vscode';
import { headerEntry } from '../../providers/transport/key-opener.ts';
import { Secret } from '../../shared/secret.ts';
import type { Vault } from '../../vault/vault.ts';
import { describeVaultRefusal } from '../../vault/vault-refusal.ts';
import type { EditorSettings } from '../editor-settings.ts';
import type { Log } from '../../shared/log.ts';

interface HeaderPorts {
  readonly vault: Vault;
  readonly settings: EditorSettings;
  readonly log: Log;
}

interface SecretHeader extends vscode.QuickPickItem {
  readonly entry: string;
  readonly origin: string;
}

/** Seals the secret of a header that a provider's settings name, for the origin of that provider only. */
export async function setHeaderSecret({ vault, settings, log }: HeaderPorts): Promise<void> {
  const headers = secretHeaders(settings);
  if (headers.length === 0) {
    await vscode.window.showInformationMessage(
      vscode.l10n.t(
        'No provider has a header that takes its value from the vault. Add one in callguard.providers: "headers": { "x-gateway": { "vault": "gateway" } }',
      ),
    );
    return;
  }
  const chosen = await vscode.window.showQuickPick(headers, {
    placeHolder: vscode.l10n.t('Select a header to set its secret'),
    ignoreFocusOut: true,
  });
  if (chosen === undefined) return;
  const text = await vscode.window.showInputBox({
    title: chosen.label,
    prompt: vscode.l10n.t('The full value of the header. It will be sealed for {0}.', chosen.origin),
    password: true,
    ignoreFocusOut: true,
    validateInput: (value) =>
      /^[\x20-\x7e]+$/.test(value.trim())
        ? undefined
        : vscode.l10n.t('A header value can contain only printable ASCII characters.'),
  });
  if (text === undefined) return;
  const stored = await vault.set(headerEntry(chosen.entry), chosen.origin, new Secret(text.trim()));
  if (stored.ok) {
    log.info(`The secret of ${chosen.label} was sealed.`);
    return;
  }
  const { message } = describeVaultRefusal(stored.error, vscode.l10n);
  await vscode.window.showErrorMessage(
    vscode.l10n.t('The secret of {0} was not stored. {1}', chosen.label, message),
  );
}

function secretHeaders(settings: EditorSettings): SecretHeader[] {
  return [...settings.current.providers.usable.values()].flatMap(({ id, origin, headers }) =>
    Object.entries(headers).flatMap(([header, value]) =>
      typeof value === 'string' || origin === undefined
        ? []
        : [{ label: `${id}: ${header}`, description: value.vault, entry: value.vault, origin }],
    ),
  );
}
