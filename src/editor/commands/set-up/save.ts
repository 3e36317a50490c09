import * as vscode from 'vscode';
import { withTraits } from '../../../providers/config/written-models.ts';
import { nameOf } from '../../../providers/config/target-name.ts';
import type { KnownFacts } from '../../../providers/pricing/model-facts.ts';
import { english } from '../../../shared/l10n.ts';
import { describeVaultRefusal } from '../../../vault/vault-refusal.ts';
import type { EditorSettings } from '../../editor-settings.ts';
import type { Log } from '../../../shared/log.ts';
import type { Vault } from '../../../vault/vault.ts';
import { configOf, draftOf, entryOf, type SetUpDraft } from './draft.ts';

export interface SavePorts {
  readonly vault: Vault;
  readonly settings: EditorSettings;
  readonly facts: Pick<KnownFacts, 'served'>;
  readonly log: Log;
}

/** Stores the provider. The key comes first, because an entry without its key is useless. */
export async function saveDraft(ports: SavePorts, draft: SetUpDraft): Promise<void> {
  const config = configOf(draft);
  if (draft.key !== undefined && config.origin !== undefined) {
    const stored = await ports.vault.set(draft.id, config.origin, draft.key);
    if (!stored.ok) {
      ports.log.error(
        `${draft.id}: the key was not stored. ${describeVaultRefusal(stored.error, english).message}`,
      );
      const { message } = describeVaultRefusal(stored.error, vscode.l10n);
      await vscode.window.showErrorMessage(
        vscode.l10n.t('The key of {0} was not stored. {1}', draft.id, message),
      );
      return;
    }
  }
  const written = draftOf(draft.id, ports.settings.entries()[draft.id]);
  // The user may have changed other settings while the set-up was open. A new cap must not be lost.
  const { rest } = draft.existing && written !== undefined ? written : draft;
  const entry = entryOf({ ...draft, rest });
  await ports.settings.putProvider(draft.id, withTraits(entry, ports.facts.served(config)));
  const [model] = config.models;
  if (draft.makeDefault && model !== undefined) {
    await ports.settings.setDefaultModel(nameOf({ provider: draft.id, model }));
  }
  ports.log.info(`${draft.id} is set up, with ${config.models.length} models.`);
}
