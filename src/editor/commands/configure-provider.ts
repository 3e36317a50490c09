import * as vscode from 'vscode';
import { chooseProvider } from '../ui/choose-provider.ts';
import type { Answer } from '../ui/quick-steps.ts';
import { emptyDraft, draftOf, type SetUpDraft } from './set-up/draft.ts';
import { askModels } from './set-up/ask-models.ts';
import { saveDraft } from './set-up/save.ts';
import {
  askBaseUrl,
  askDefault,
  askId,
  askKey,
  askKind,
  askTest,
  type SetUpPorts,
  type Step,
} from './set-up/steps.ts';

/** Asks for everything a provider needs, step by step. Stores it after the last step; until then nothing changes. */
export async function configureProvider(ports: SetUpPorts): Promise<void> {
  await runSteps(ports, emptyDraft);
}

/** The same steps, starting from the stored settings. */
export async function editProvider(ports: SetUpPorts, argument?: unknown): Promise<void> {
  const id = await chooseProvider(ports.settings, argument, vscode.l10n.t('Select a provider to edit'));
  if (id === undefined) return;
  const draft = draftOf(id, ports.settings.entries()[id]);
  if (draft !== undefined) await runSteps(ports, draft);
  // The user fixes broken settings in the settings file, because the steps cannot know what was meant.
  else await vscode.commands.executeCommand('workbench.action.openApplicationSettingsJson');
}

/** The steps that a draft needs, in order. Kind and name of an existing provider do not change. */
function stepsFor(draft: SetUpDraft): Step[] {
  const steps: (Step | undefined)[] = [
    draft.existing ? undefined : askKind,
    draft.existing ? undefined : askId,
    askBaseUrl,
    askKey,
    askModels,
    askTest,
    askDefault,
  ];
  return steps.filter((step) => step !== undefined).filter((step) => step.applies(draft));
}

async function runSteps(ports: SetUpPorts, start: SetUpDraft): Promise<void> {
  let draft = start;
  for (let at = 0; ;) {
    const steps = stepsFor(draft);
    const step = steps[at];
    if (step === undefined) break;
    const frame = {
      title: draft.existing ? vscode.l10n.t('Edit {0}', draft.id) : vscode.l10n.t('Connect a Provider'),
      step: at + 1,
      totalSteps: steps.length,
    };
    const answer: Answer<SetUpDraft> = await step.ask(ports, draft, frame);
    if (answer.kind === 'cancelled') return;
    if (answer.kind === 'value') draft = answer.value;
    at = Math.max(0, at + (answer.kind === 'back' ? -1 : 1));
  }
  await saveDraft(ports, draft);
}
