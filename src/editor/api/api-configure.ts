import * as vscode from 'vscode';
import type { ConfigureRequest, ConfigureResult } from '../../api.ts';
import { shownText } from '../../shared/escape.ts';
import { parseProvider, type ProviderConfig } from '../../providers/config/provider-config.ts';
import type { ProviderEntry } from '../../providers/config/provider-entry.ts';
import { Secret } from '../../shared/secret.ts';
import { parseBaseUrl } from '../../vault/key-origin.ts';
import { describeVaultRefusal } from '../../vault/vault-refusal.ts';
import { parseConfigure, type ParsedConfigure } from './api-requests.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Log } from '../../shared/log.ts';
import type { EditorSettings } from '../editor-settings.ts';
import { describeEndpoint } from '../../providers/config/describe-endpoint.ts';
import { agrees } from '../ui/modal.ts';

interface ConfigurePorts {
  readonly vault: Vault;
  readonly settings: EditorSettings;
  readonly log: Log;
}

/** Sets up a provider for another extension, after the user has agreed to exactly these settings. */
export async function configureFor(
  ports: ConfigurePorts,
  request: ConfigureRequest,
): Promise<ConfigureResult> {
  const asked = parseConfigure(request);
  const { id, kind, baseUrl, models } = asked;
  const entry = { kind, ...(baseUrl === undefined ? {} : { baseUrl }), models: { list: models } };
  const config = parseProvider(id, entry);
  if ('problems' in config) {
    const message = config.problems.map((problem) => problem(vscode.l10n)).join('; ');
    return { ok: false, reason: 'invalid', message };
  }
  if (!(await userAgrees(ports.settings, asked, config))) {
    return { ok: false, reason: 'declined', message: vscode.l10n.t('The user declined.') };
  }
  if (asked.key !== undefined && config.origin !== undefined) {
    const stored = await ports.vault.set(id, config.origin, new Secret(asked.key));
    if (!stored.ok) {
      return { ok: false, reason: 'vault', message: describeVaultRefusal(stored.error, vscode.l10n).message };
    }
  }
  await ports.settings.putProvider(id, { ...entry, kind: config.kind } satisfies ProviderEntry);
  ports.log.info(`${id} was set up on behalf of ${asked.caller}, with the user's consent.`);
  return { ok: true };
}

async function userAgrees(
  settings: EditorSettings,
  asked: ParsedConfigure,
  config: ProviderConfig,
): Promise<boolean> {
  const { id, caller, models, key } = asked;
  const replaces = Object.hasOwn(settings.entries(), id);
  const address = parseBaseUrl(config.baseUrl ?? '');
  const readable = key !== undefined && address.ok && address.value.key === 'confirm';
  const setUp = replaces ? vscode.l10n.t('Replace') : vscode.l10n.t('Set Up');
  const lines = [
    describeEndpoint(config)(vscode.l10n),
    vscode.l10n.t('Models: {0}', models.map(shownText).join(', ')),
    key === undefined
      ? vscode.l10n.t('No API key is included.')
      : vscode.l10n.t('An API key is included. It will be sealed for this address only.'),
    ...(readable
      ? [vscode.l10n.t('The connection is not encrypted. Anyone on the network path can read the key.')]
      : []),
    ...(replaces
      ? [vscode.l10n.t('This replaces your settings for {0}, including its limits and policy.', id)]
      : []),
    vscode.l10n.t('Callguard cannot verify who is asking.'),
  ];
  const question = vscode.l10n.t("'{0}' wants to set up the provider {1}", caller, id);
  return agrees(question, setUp, lines.join('\n'));
}
