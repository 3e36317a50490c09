import * as vscode from 'vscode';
import type { ListModels } from '../../providers/config/model-lister.ts';
import type { KnownFacts } from '../../providers/pricing/model-facts.ts';
import { checkPolicy } from '../../guard/policy.ts';
import { labelText, messageText } from '../../shared/escape.ts';
import { answersPrompts } from '../../providers/rules/offered-models.ts';
import { withModels, withTraits } from '../../providers/config/written-models.ts';
import { chooseProvider } from '../ui/choose-provider.ts';
import type { EditorSettings } from '../editor-settings.ts';
import type { Log } from '../../shared/log.ts';

interface RefreshPorts {
  readonly settings: EditorSettings;
  readonly listModels: ListModels;
  readonly facts: Pick<KnownFacts, 'served' | 'lookup'>;
  readonly log: Log;
}

/** Asks a provider for its current models and lets the user choose which of them to offer. */
export async function refreshModels(
  { settings, listModels, facts, log }: RefreshPorts,
  argument?: unknown,
): Promise<void> {
  const id = await chooseProvider(
    settings,
    argument,
    vscode.l10n.t('Select a provider to refresh its models'),
  );
  const config = id === undefined ? undefined : settings.current.providers.usable.get(id);
  if (id === undefined || config === undefined) return;
  const listed = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Asking {0} for its models', id) },
    () => listModels({ config, draftKey: undefined }),
  );
  if (!listed.ok) {
    await vscode.window.showErrorMessage(
      messageText(vscode.l10n.t('{0}: {1}', id, listed.error(vscode.l10n))),
    );
    return;
  }
  // Denied models are not listed. The policy's default decides on new ones. Models that only this workspace denies
  // stay in the user's own list.
  const allowed = listed.value.filter(
    (model) =>
      checkPolicy(model, config.policy) === undefined &&
      (config.models.includes(model) || answersPrompts(config, model, facts.lookup)),
  );
  const gone = config.models.filter((model) => !listed.value.includes(model));
  const items = [
    ...allowed.map((model) => ({
      label: labelText(model),
      model,
      picked: config.models.includes(model),
    })),
    ...gone.map((model) => ({
      label: labelText(model),
      model,
      description: vscode.l10n.t('no longer listed by the provider'),
      picked: true,
    })),
  ];
  if (items.length === 0) {
    await vscode.window.showInformationMessage(
      vscode.l10n.t(
        '{0} lists {1} models, but its policy denies all of them. Change models.allow or models.deny in its settings.',
        id,
        listed.value.length,
      ),
    );
    return;
  }
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Models of {0}', id),
    placeHolder: vscode.l10n.t('Select the models to offer'),
    canPickMany: true,
    ignoreFocusOut: true,
  });
  if (chosen === undefined) return;
  const list = chosen.map(({ model }) => model);
  const entry = withModels(settings.entries()[id], list);
  // The settings broke while the user was choosing. The tree shows the problem.
  if (entry === undefined) return;
  await settings.putProvider(id, withTraits(entry, facts.served(config)));
  log.info(`${id} offers ${list.length} models.`);
}
