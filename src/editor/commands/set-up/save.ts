import * as vscode from 'vscode';
import { nameOf } from '../../../providers/config/target-name.ts';
import { english } from '../../../shared/l10n.ts';
import { describeVaultRefusal } from '../../../vault/vault-refusal.ts';
import type { CommandContext } from '../../command.ts';
import { configOf, draftOf, entryOf, type SetUpDraft } from './draft.ts';

/** Stores what was set up: the key first, since an entry without its key would be of no use. */
export async function saveDraft(
  context: Pick<CommandContext, 'settings' | 'vault' | 'log'>,
  draft: SetUpDraft,
): Promise<void> {
  const config = configOf(draft);
  if (draft.key !== undefined && config.origin !== undefined) {
    const stored = await context.vault.set(draft.id, config.origin, draft.key);
    if (!stored.ok) {
      context.log.error(
        `${draft.id}: the key was not stored. ${describeVaultRefusal(stored.error, english).message}`,
      );
      const { message } = describeVaultRefusal(stored.error, vscode.l10n);
      await vscode.window.showErrorMessage(
        vscode.l10n.t('The key of {0} was not stored. {1}', draft.id, message),
      );
      return;
    }
  }
  const written = draftOf(draft.id, context.settings.entries()[draft.id]);
  // What the set-up does not ask for may have been changed by hand while it was open: a cap must not be lost by that.
  const { rest } = draft.existing && written !== undefined ? written : draft;
  await context.settings.putProvider(draft.id, entryOf({ ...draft, rest }));
  const [model] = config.models;
  if (draft.makeDefault && model !== undefined) {
    await context.settings.setDefaultModel(nameOf({ provider: draft.id, model }));
  }
  context.log.info(`${draft.id} is set up, with ${config.models.length} models.`);
}
