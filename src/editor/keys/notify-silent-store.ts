import type { Disposable } from '../../shared/disposable.ts';
import { describeVaultRefusal } from '../../vault/vault-refusal.ts';
import type { Vault } from '../../vault/vault.ts';
import type { EditorLog } from '../editor-log.ts';
import type { Notifier } from '../notify/notifier.ts';
import { showLogAction } from '../notify/show-notice.ts';

interface SilentStorePorts {
  readonly vault: Pick<Vault, 'onDidChangeSilence'>;
  readonly notifier: Notifier;
  readonly log: EditorLog;
}

/** Notifies the user once for all keys, and not again before the secret storage has answered. */
export function notifySilentStore({ vault, notifier, log }: SilentStorePorts): Disposable {
  return vault.onDidChangeSilence((isSilent) => {
    if (!isSilent) return;
    notifier.notify({
      severity: 'error',
      text: (l10n) => l10n.t('Callguard: {0}', describeVaultRefusal({ kind: 'storeSilent' }, l10n).message),
      actions: [showLogAction(log)],
    });
  });
}
