import * as vscode from 'vscode';
import { legacyBindingOf } from '../../providers/config/legacy-binding.ts';
import { describeMigrationRefusal } from '../../vault/describe-vault-refusal.ts';
import type { MigrationRefusal, MigrationReport } from '../../vault/legacy-migration.ts';
import { describeVaultRefusal } from '../../vault/vault-refusal.ts';
import { english, type Wording } from '../../shared/l10n.ts';
import type { Vault } from '../../vault/vault.ts';
import type { EditorLog } from '../editor-log.ts';
import type { Notifier } from '../notify/notifier.ts';
import { showLogAction } from '../notify/show-notice.ts';
import type { EditorSettings } from '../editor-settings.ts';
import { agrees } from '../ui/modal.ts';

interface StartPorts {
  readonly vault: Vault;
  readonly settings: EditorSettings;
  readonly log: EditorLog;
  readonly notifier: Notifier;
}

/**
 * The check of the vault at startup: reports a missing master key, finishes an interrupted rotation, and moves keys
 * of the older layout. Shows a message only if the user has to act. A keyring may wait for its password at startup;
 * then the check is made again once the secret storage answers.
 */
export async function startVault(ports: StartPorts): Promise<void> {
  const problem = await ports.vault.masterKeyProblem();
  if (problem !== undefined) {
    notify(ports, (l10n) => describeVaultRefusal(problem, l10n).message);
    return;
  }
  const sealed = await ports.vault.sealAgain();
  if (!sealed.ok && sealed.error.kind === 'storeSilent') {
    await whenAnswered(ports.vault);
    await startVault(ports);
    return;
  }
  if (!sealed.ok)
    ports.log.warn(`The keys were not resealed. ${describeVaultRefusal(sealed.error, english).message}`);
  else if (sealed.value.sealed.length > 0)
    ports.log.info(`Resealed under the current master key: ${sealed.value.sealed.join(', ')}.`);
  await migrate(ports);
}

function whenAnswered(vault: Vault): Promise<void> {
  if (!vault.isSilent) return Promise.resolve();
  return new Promise((resolve) => {
    const subscription = vault.onDidChangeSilence((isSilent) => {
      if (isSilent) return;
      subscription.dispose();
      resolve();
    });
  });
}

async function migrate(ports: StartPorts): Promise<void> {
  const { settings, vault, log } = ports;
  const migrated = await vault.migrate({
    bindingOf: (provider) => legacyBindingOf(provider, settings.current.providers),
    confirmOrigin,
  });
  if (!migrated.ok) {
    log.warn(
      `Keys of an older version could not be migrated. ${describeVaultRefusal(migrated.error, english).message}`,
    );
    return;
  }
  const report = migrated.value;
  if (report.migrated.length > 0) log.info(`Moved to the vault: ${report.migrated.join(', ')}.`);
  for (const { provider, refusal } of report.kept)
    log.warn(`${provider}: its old key was not moved. ${describeMigrationRefusal(refusal, english)}`);
  const names = needingUser(report);
  if (names.length === 0) return;
  notify(ports, (l10n) =>
    l10n.t(
      'The keys that an older version stored for these providers could not be moved to the vault: {0}.',
      names.join(', '),
    ),
  );
}

/** The user declined the address, or the provider is not set up, so no message is needed. */
const quiet = new Set<MigrationRefusal['kind']>(['originDeclined', 'unknownProvider', 'empty']);

function needingUser({ kept }: MigrationReport): string[] {
  return kept.filter(({ refusal }) => !quiet.has(refusal.kind)).map(({ provider }) => provider);
}

async function confirmOrigin(provider: string, origin: string): Promise<boolean> {
  return agrees(
    vscode.l10n.t('Use the stored key of {0} for {1}?', provider, origin),
    vscode.l10n.t('Use Key'),
    vscode.l10n.t(
      'An older version stored this key without an address. If you agree, it moves to the vault and is used for this address only.',
    ),
  );
}

function notify({ notifier, log }: StartPorts, problem: Wording): void {
  log.error(problem(english));
  notifier.notify({
    severity: 'error',
    text: (l10n) => l10n.t('Callguard: {0}', problem(l10n)),
    actions: [showLogAction(log)],
  });
}
