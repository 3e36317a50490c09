import * as vscode from 'vscode';
import type { ConfigurePort } from '../../gateway/gateway-ports.ts';
import { describeEndpoint } from '../../providers/config/describe-endpoint.ts';
import type { ProviderConfig } from '../../providers/config/provider-config.ts';
import type { ProviderEntry } from '../../providers/config/provider-entry.ts';
import { jsonText } from '../../shared/escape.ts';
import type { Log } from '../../shared/log.ts';
import type { EditorSettings } from '../editor-settings.ts';
import { agrees } from '../ui/modal.ts';

/** Lets a program set up a provider over the gateway if the user agrees in a dialog of this window. */
export function createConfigurePort(settings: EditorSettings, log: Log): ConfigurePort {
  let asking: Promise<unknown> = Promise.resolve();
  return {
    confirm: (config, entry, signal) => {
      // One dialog at a time, and none for a client that has left.
      const answer = asking.then(() => !signal.aborted && userAgrees(settings, config, entry));
      // A dialog that fails must not block the next one. Its caller gets the error.
      asking = answer.catch(() => undefined);
      return answer.then((agreed) => agreed && !signal.aborted);
    },
    save: async (id, entry) => {
      await settings.putProvider(id, entry);
      log.info(`${id} was set up over the gateway, with the user's consent.`);
    },
  };
}

async function userAgrees(
  settings: EditorSettings,
  config: ProviderConfig,
  entry: ProviderEntry,
): Promise<boolean> {
  const { id } = config;
  const replaces = Object.hasOwn(settings.entries(), id);
  const setUp = replaces ? vscode.l10n.t('Replace') : vscode.l10n.t('Set Up');
  const lines = [
    describeEndpoint(config)(vscode.l10n),
    `"${id}": ${jsonText(entry).trimEnd()}`,
    '',
    ...(replaces
      ? [vscode.l10n.t('This replaces your settings for {0}, including its limits and policy.', id)]
      : []),
    vscode.l10n.t('No API key is included.'),
  ];
  const question = vscode.l10n.t('A program with the management token wants to set up the provider {0}', id);
  return agrees(question, setUp, lines.join('\n'));
}
