import * as vscode from 'vscode';
import { isEntry, parseProvider, type ProviderConfig } from '../../providers/config/provider-config.ts';
import { plaintextKeyIn } from '../../providers/config/plaintext-key.ts';
import type { Disposable } from '../../shared/disposable.ts';
import { english, type Wording } from '../../shared/l10n.ts';
import type { Secret } from '../../shared/secret.ts';
import { describeVaultRefusal } from '../../vault/vault-refusal.ts';
import type { CommandContext } from '../command.ts';
import { mayReceiveKey } from './enter-key.ts';

type Moving = Pick<CommandContext, 'vault' | 'settings' | 'log'>;

/** Offers, once for each state of an entry, to move a key that stands in the settings into the vault. */
export function watchPlaintextKeys(context: Moving): Disposable {
  let offered = new Set<string>();
  const look = () => {
    const found = new Map(Object.entries(context.settings.entries()).flatMap(stateOf));
    for (const [state, id] of found) {
      if (offered.has(state)) continue;
      offer(context, id).catch((error: unknown) => {
        context.log.error(`${id}: the key in the settings could not be moved.`, error);
      });
    }
    offered = new Set(found.keys());
  };
  look();
  return context.settings.onDidChange(look);
}

/** Mending the rest of an entry makes another state of it: then the key can be moved. */
function stateOf([id, entry]: [string, unknown]): [string, string][] {
  const stray = plaintextKeyIn(entry);
  if (stray === undefined) return [];
  return [['problems' in parseProvider(id, stray.rest) ? `broken ${id}` : `whole ${id}`, id]];
}

async function offer(context: Moving, id: string): Promise<void> {
  context.log.warn(`${id}: the settings contain a plaintext key.`);
  const move = vscode.l10n.t('Move to Vault');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t(
      'Your settings contain the key of {0} in plain text, where it can be read, synced, and backed up.',
      id,
    ),
    move,
  );
  if (chosen !== move) return;
  const problem = await moveKey(context, id).catch((error: unknown): Wording => {
    context.log.error(`${id}: the settings could not be written.`, error);
    const words = context.log.clean(error instanceof Error ? error.message : String(error));
    return () => words;
  });
  if (problem === undefined) {
    context.log.info(`${id}: the key was moved from the settings to the vault.`);
    await vscode.window.showInformationMessage(
      vscode.l10n.t(
        'The key of {0} is now in the vault. Copies of your settings (sync, backups, local history) may still contain it, so a new key from the provider is safer.',
        id,
      ),
    );
    return;
  }
  context.log.error(`${id}: the key is still in the settings. ${problem(english)}`);
  await vscode.window.showErrorMessage(
    vscode.l10n.t('The key of {0} is still in your settings. {1}', id, problem(vscode.l10n)),
  );
}

/** Why the key was not moved; undefined when it is in the vault, and gone from the settings. */
async function moveKey(context: Moving, id: string): Promise<Wording | undefined> {
  // As it is now: the notification may have stood there for an hour.
  const stray = plaintextKeyIn(context.settings.entries()[id]);
  if (stray === undefined) return undefined;
  const { rest, key } = stray;
  const config = parseProvider(id, rest);
  if ('problems' in config || !isEntry(rest)) {
    return (l10n) =>
      l10n.t("Fix the provider's other settings first. Callguard then offers to move the key again.");
  }
  if (key !== undefined) {
    const problem = await keep(context, config, key);
    if (problem !== undefined) return problem;
  }
  await context.settings.putProvider(id, rest);
  return undefined;
}

async function keep({ vault }: Moving, config: ProviderConfig, key: Secret): Promise<Wording | undefined> {
  const { id, origin, baseUrl } = config;
  if (origin === undefined)
    return (l10n) => l10n.t('The provider needs no key. Delete it from the settings.');
  const state = await vault.state(id, origin);
  const agreed =
    (state.kind === 'notSet' || state.kind === 'lost' || (await mayReplace(id))) &&
    (await mayReceiveKey(baseUrl));
  if (!agreed) return (l10n) => l10n.t('Nothing was changed.');
  const stored = await vault.set(id, origin, key);
  return stored.ok ? undefined : (l10n) => describeVaultRefusal(stored.error, l10n).message;
}

async function mayReplace(id: string): Promise<boolean> {
  const replace = vscode.l10n.t('Replace');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('Replace the key of {0} in the vault with the one in your settings?', id),
    { modal: true },
    replace,
  );
  return chosen === replace;
}
