import * as vscode from 'vscode';
import { parseProvider, type ProviderConfig } from '../../providers/config/provider-config.ts';
import { isEntry } from '../../providers/config/provider-entry.ts';
import { plaintextKeyIn } from '../../providers/config/plaintext-key.ts';
import type { Disposable } from '../../shared/disposable.ts';
import { english, type Wording } from '../../shared/l10n.ts';
import { ReportedStates } from '../../shared/reported-states.ts';
import type { Secret } from '../../shared/secret.ts';
import { describeVaultRefusal } from '../../vault/vault-refusal.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Log } from '../../shared/log.ts';
import type { Notifier } from '../notify/notifier.ts';
import type { EditorSettings } from '../editor-settings.ts';
import { mayReceiveKey } from './enter-key.ts';
import { agrees } from '../ui/modal.ts';

interface MovingPorts {
  readonly vault: Vault;
  readonly settings: EditorSettings;
  readonly notifier: Notifier;
  readonly log: Log;
}

/** Offers to move a plaintext key from the settings to the vault, once for each state of an entry. */
export function watchPlaintextKeys(ports: MovingPorts): Disposable {
  const reported = new ReportedStates();
  const look = () => {
    const found = new Map(Object.entries(ports.settings.entries()).flatMap(stateOf));
    const news = reported.update(found.keys());
    for (const [state, id] of found) if (news.includes(state)) offerToMove(ports, id);
  };
  look();
  return ports.settings.onDidChange(look);
}

/** Fixing the rest of an entry changes its state. Then the key can be moved. */
function stateOf([id, entry]: [string, unknown]): [string, string][] {
  const stray = plaintextKeyIn(entry);
  if (stray === undefined) return [];
  return [['problems' in parseProvider(id, stray.rest) ? `broken ${id}` : `whole ${id}`, id]];
}

function offerToMove(ports: MovingPorts, id: string): void {
  ports.log.warn(`${id}: the settings contain a plaintext key.`);
  ports.notifier.notify({
    severity: 'warning',
    text: (l10n) =>
      l10n.t(
        'Your settings contain the key of {0} in plain text, where it can be read, synced, and backed up.',
        id,
      ),
    actions: [{ label: vscode.l10n.t('Move to Vault'), run: () => moveAndReport(ports, id) }],
  });
}

async function moveAndReport(ports: MovingPorts, id: string): Promise<void> {
  const problem = await moveKey(ports, id).catch((error: unknown): Wording => {
    ports.log.error(`${id}: the settings could not be written.`, error);
    const words = ports.log.clean(error instanceof Error ? error.message : String(error));
    return () => words;
  });
  if (problem === undefined) {
    ports.log.info(`${id}: the key was moved from the settings to the vault.`);
    await vscode.window.showInformationMessage(
      vscode.l10n.t(
        'The key of {0} is now in the vault. Copies of your settings (sync, backups, local history) may still contain it, so a new key from the provider is safer.',
        id,
      ),
    );
    return;
  }
  ports.log.error(`${id}: the key is still in the settings. ${problem(english)}`);
  await vscode.window.showErrorMessage(
    vscode.l10n.t('The key of {0} is still in your settings. {1}', id, problem(vscode.l10n)),
  );
}

/** Why the key was not moved; undefined once it is in the vault and no longer in the settings. */
async function moveKey(ports: MovingPorts, id: string): Promise<Wording | undefined> {
  // Reads the entry again: the notification may have been open for an hour.
  const stray = plaintextKeyIn(ports.settings.entries()[id]);
  if (stray === undefined) return undefined;
  const { rest, key } = stray;
  const config = parseProvider(id, rest);
  if ('problems' in config || !isEntry(rest)) {
    return (l10n) =>
      l10n.t("Fix the provider's other settings first. Callguard then offers to move the key again.");
  }
  if (key !== undefined) {
    const problem = await keep(ports, config, key);
    if (problem !== undefined) return problem;
  }
  await ports.settings.putProvider(id, rest);
  return undefined;
}

async function keep(
  { vault }: MovingPorts,
  config: ProviderConfig,
  key: Secret,
): Promise<Wording | undefined> {
  const { id, origin, baseUrl } = config;
  if (origin === undefined)
    return (l10n) => l10n.t('The provider needs no key. Delete it from the settings.');
  const state = await vault.state(id, origin);
  if (state.kind === 'storeSilent') return (l10n) => describeVaultRefusal(state, l10n).message;
  const agreed =
    (state.kind === 'notSet' || state.kind === 'lost' || (await mayReplace(id))) &&
    (await mayReceiveKey(baseUrl));
  if (!agreed) return (l10n) => l10n.t('Nothing was changed.');
  const stored = await vault.set(id, origin, key);
  return stored.ok ? undefined : (l10n) => describeVaultRefusal(stored.error, l10n).message;
}

async function mayReplace(id: string): Promise<boolean> {
  return agrees(
    vscode.l10n.t('Replace the key of {0} in the vault with the one in your settings?', id),
    vscode.l10n.t('Replace'),
  );
}
