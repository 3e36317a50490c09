import * as vscode from 'vscode';
import { checkPolicy } from '../../../guard/policy.ts';
import { providerKind } from '../../../providers/config/catalogue.ts';
import type { OnOtherAddress } from '../../../providers/config/editor-models.ts';
import { answersPrompts } from '../../../providers/rules/offered-models.ts';
import { messageText } from '../../../shared/escape.ts';
import { err, type Result } from '../../../shared/result.ts';
import { askMany } from '../../ui/quick-steps.ts';
import { describeError } from '../../notify/describe-error.ts';
import { configOf, type SetUpDraft } from './draft.ts';
import { mapValue, type SetUpPorts, type Step } from './steps.ts';

export const askModels: Step = {
  applies: ({ kind }) => kind !== 'sandbox',
  ask: async (ports, draft, frame) => {
    const config = configOf(draft);
    const itemOf = (label: string) => ({ label });
    let baseUrl = draft.baseUrl;
    const answer = await askMany({
      ...frame,
      placeholder: vscode.l10n.t('Select models. Type to filter, or to add one that is not listed.'),
      loading: vscode.l10n.t('Asking {0} for its models…', config.baseUrl ?? draft.id),
      itemOf,
      problemOf: (chosen) => {
        if (chosen.length === 0)
          return vscode.l10n.t('Select at least one model, or type a model ID and press Enter.');
        const denied = chosen.find(({ label }) => checkPolicy(label, config.policy) !== undefined);
        return denied === undefined
          ? undefined
          : vscode.l10n.t("'{0}' is denied by this provider's policy.", denied.label);
      },
      items: modelItems(ports, draft, itemOf, (other) => {
        baseUrl = other;
      }),
    });
    return mapValue(answer, (chosen) => ({ ...draft, baseUrl, models: chosen.map(({ label }) => label) }));
  },
};

async function modelItems(
  ports: SetUpPorts,
  draft: SetUpDraft,
  itemOf: (label: string) => vscode.QuickPickItem,
  adopt: (baseUrl: string) => void,
) {
  const { noModelList, label } = providerKind(draft.kind);
  if (noModelList === true) {
    const items = draft.models.map(itemOf);
    return {
      items,
      picked: items,
      hint: vscode.l10n.t('Type the model IDs. {0} does not list them.', label),
    };
  }
  let other: { readonly baseUrl: string; readonly models: readonly string[] } | undefined;
  const listed = await listModels(ports, draft, (baseUrl, models) => {
    other = { baseUrl, models };
  });
  const known = listed.ok ? listed.value : (other?.models ?? []);
  const config = configOf(listed.ok ? draft : { ...draft, baseUrl: other?.baseUrl ?? draft.baseUrl });
  const chats = known.filter((id) => answersPrompts(config, id, ports.facts.lookup));
  // A provider may have no other models, for example a maker of embeddings.
  const offered = chats.length === 0 ? known : chats;
  const ids = [...draft.models, ...offered.filter((id) => !draft.models.includes(id))];
  const items = ids.map(itemOf);
  const picked = items.filter(({ label }) => draft.models.includes(label));
  if (listed.ok) return { items, picked };
  if (other !== undefined) {
    adopt(other.baseUrl);
    const entered = configOf(draft).baseUrl ?? '';
    const hint = vscode.l10n.t(
      'Nothing is at {0} (HTTP 404). These models are from {1}, which will be the base URL. To keep the other one, go back.',
      entered,
      other.baseUrl,
    );
    return { items, picked, hint };
  }
  // The input cuts a long reason, and so shows what to do first.
  void showReason(draft.id, listed.error);
  return { items, picked, hint: vscode.l10n.t('Type the model IDs: {0}', listed.error) };
}

/** The whole reason. With a button VS Code shows all of a message at once. */
async function showReason(provider: string, reason: string): Promise<void> {
  const showLog = vscode.l10n.t('Show Log');
  const text = vscode.l10n.t('The models of {0} could not be listed: {1}', provider, reason);
  if ((await vscode.window.showWarningMessage(messageText(text), showLog)) === showLog)
    await vscode.commands.executeCommand('callguard.showLog');
}

/** The ids of the models that the provider lists, or why it lists none. Never throws. */
async function listModels(
  ports: SetUpPorts,
  draft: SetUpDraft,
  onOtherAddress: OnOtherAddress,
): Promise<Result<readonly string[], string>> {
  try {
    const listed = await ports.listModels({ config: configOf(draft), draftKey: draft.key }, onOtherAddress);
    return listed.ok ? listed : err(listed.error(vscode.l10n));
  } catch (error) {
    ports.log.error(`${draft.id}: the models could not be listed.`, error);
    return err(describeError(error, ports.log)(vscode.l10n));
  }
}
