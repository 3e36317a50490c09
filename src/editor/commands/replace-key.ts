import * as vscode from 'vscode';
import { keyFacts } from '../../providers/config/catalogue-keys.ts';
import { english, type Wording } from '../../shared/l10n.ts';
import { Secret } from '../../shared/secret.ts';
import type { Vault } from '../../vault/vault.ts';
import { describeVaultRefusal } from '../../vault/vault-refusal.ts';
import { chooseProvider } from '../ui/choose-provider.ts';
import type { EditorSettings } from '../editor-settings.ts';
import type { Log } from '../../shared/log.ts';
import { keyProblem, mayReceiveKey } from '../keys/enter-key.ts';
import { agrees } from '../ui/modal.ts';

interface ReplacePorts {
  readonly vault: Vault;
  readonly settings: EditorSettings;
  readonly log: Log;
}

/** Asks for a provider's key only. */
export async function replaceKey(ports: ReplacePorts, argument?: unknown): Promise<void> {
  const id = await chooseProvider(
    ports.settings,
    argument,
    vscode.l10n.t('Select a provider to replace its key'),
  );
  if (id === undefined) return;
  const config = ports.settings.current.providers.usable.get(id);
  if (config === undefined) {
    await vscode.window.showErrorMessage(
      vscode.l10n.t('The settings of {0} are invalid. Fix them first.', id),
    );
    return;
  }
  const { origin, kind, baseUrl } = config;
  const { keyUrl } = keyFacts(kind);
  if (origin === undefined) {
    await vscode.window.showInformationMessage(vscode.l10n.t('{0} needs no key.', id));
    return;
  }
  const state = await ports.vault.state(id, origin);
  if (state.kind === 'storeSilent') {
    await vscode.window.showErrorMessage(describeVaultRefusal(state, vscode.l10n).message);
    return;
  }
  const locked = state.kind === 'locked';
  if (locked && !(await mayDropLockedKey(id, state.kid))) return;
  const isFirst = state.kind === 'notSet' || state.kind === 'lost';
  const what = isFirst ? vscode.l10n.t('The API key') : vscode.l10n.t('The new API key');
  const entered = await vscode.window.showInputBox({
    title: isFirst ? vscode.l10n.t('Enter the Key of {0}', id) : vscode.l10n.t('Replace the Key of {0}', id),
    prompt: keyUrl === undefined ? what : vscode.l10n.t('{0}. Get one at {1}.', what, keyUrl),
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) => keyProblem(kind, text.trim(), false),
  });
  if (entered === undefined || !(await mayReceiveKey(baseUrl))) return;
  await store(ports, { id, origin, key: new Secret(entered.trim()), isFirst, locked });
}

/** Windows that have the master key can still use a locked key, so the user decides. */
async function mayDropLockedKey(id: string, kid: string): Promise<boolean> {
  return agrees(
    vscode.l10n.t('Replace the locked key of {0}?', id),
    vscode.l10n.t('Replace'),
    vscode.l10n.t(
      'The key is sealed under master key {0}, which this window does not have. Windows that have that master key can still use the key. They lose it if you replace it.',
      kid,
    ),
  );
}

interface Entered {
  readonly id: string;
  readonly origin: string;
  readonly key: Secret;
  /** There was no key before. */
  readonly isFirst: boolean;
  readonly locked: boolean;
}

async function store(
  { vault, log }: ReplacePorts,
  { id, origin, key, isFirst, locked }: Entered,
): Promise<void> {
  const removed = locked ? await vault.remove(id) : undefined;
  const stored = removed?.ok === false ? removed : await vault.set(id, origin, key);
  if (stored.ok) {
    const done: Wording = (l10n) =>
      isFirst ? l10n.t('The key of {0} was set.', id) : l10n.t('The key of {0} was replaced.', id);
    log.info(done(english));
    await vscode.window.showInformationMessage(done(vscode.l10n));
    return;
  }
  log.error(`${id}: the key was not stored. ${describeVaultRefusal(stored.error, english).message}`);
  const { message } = describeVaultRefusal(stored.error, vscode.l10n);
  await vscode.window.showErrorMessage(vscode.l10n.t('The key of {0} was not stored. {1}', id, message));
}
