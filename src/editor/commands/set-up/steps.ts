import * as vscode from 'vscode';
import { checkPolicy } from '../../../guard/policy.ts';
import { providerKinds, providerKind, type ProviderKind } from '../../../providers/config/catalogue.ts';
import { baseUrlProblem, cutBaseUrl } from '../../../providers/config/base-url.ts';
import { idProblem } from '../../../providers/config/provider-config.ts';
import { messageText } from '../../../shared/escape.ts';
import { err, type Result } from '../../../shared/result.ts';
import { Secret } from '../../../shared/secret.ts';
import type { DraftGuard } from '../../../providers/transport/draft-guard.ts';
import type { ListModels } from '../../../providers/config/model-lister.ts';
import type { TestPorts } from '../../../observe/test-call.ts';
import { describeVaultRefusal } from '../../../vault/vault-refusal.ts';
import { keyProblem, mayReceiveKey } from '../../keys/enter-key.ts';
import { askMany, askOne, askText, type Answer, type StepFrame } from '../../ui/quick-steps.ts';
import { testCancellably } from '../../ui/test-with-progress.ts';
import { describeError } from '../../notify/describe-error.ts';
import type { EditorSettings } from '../../editor-settings.ts';
import { configOf, type SetUpDraft } from './draft.ts';
import type { SavePorts } from './save.ts';

export interface SetUpPorts extends SavePorts, TestPorts {
  readonly settings: EditorSettings;
  readonly draftGuard: DraftGuard;
  readonly listModels: ListModels;
}

/** One step of the set-up. */
export interface Step {
  /** Whether this draft needs the step. */
  readonly applies: (draft: SetUpDraft) => boolean;
  readonly ask: (ports: SetUpPorts, draft: SetUpDraft, frame: StepFrame) => Promise<Answer<SetUpDraft>>;
}

export const askKind: Step = {
  applies: () => true,
  ask: async (_ports, draft, frame) => {
    const items = providerKinds.map((kind) => ({
      providerKind: kind,
      label: providerKind(kind).label,
      description: describeKind(kind),
    }));
    const active = items.find(({ providerKind }) => providerKind === draft.kind);
    const answer = await askOne({
      ...frame,
      placeholder: vscode.l10n.t('Select the kind of provider'),
      items,
      ...(active === undefined ? {} : { active }),
    });
    if (answer.kind !== 'value') return answer;
    const kind = answer.value.providerKind;
    // The answers for one kind mean nothing for another.
    return kind === draft.kind
      ? value(draft)
      : value({ ...draft, kind, id: '', baseUrl: undefined, key: undefined, models: [] });
  },
};

/** The address of a kind, and whether Callguard was never tried with it. */
function describeKind(kind: ProviderKind): string {
  const { baseUrl, baseUrlExample, unproven } = providerKind(kind);
  const address = baseUrl ?? baseUrlExample ?? '';
  // A long address is cut at its end.
  return unproven === true ? vscode.l10n.t('unproven · {0}', address) : address;
}

export const askId: Step = {
  applies: () => true,
  ask: async (ports, draft, frame) => {
    const taken = ports.settings.entries();
    const answer = await askText({
      ...frame,
      prompt: vscode.l10n.t("A short name for the provider. Its models are then called 'name/model'."),
      value: draft.id === '' ? freeId(draft.kind, taken) : draft.id,
      problemOf: (text) =>
        Object.hasOwn(taken, text)
          ? vscode.l10n.t("'{0}' already exists. Choose another name.", text)
          : idProblem(text)?.(vscode.l10n),
    });
    return mapValue(answer, (id) => ({ ...draft, id }));
  },
};

function freeId(kind: string, taken: Record<string, unknown>): string {
  let id = kind;
  for (let n = 2; Object.hasOwn(taken, id); n++) id = `${kind}-${n}`;
  return id;
}

export const askBaseUrl: Step = {
  applies: ({ kind, baseUrl }) =>
    providerKind(kind).noAddress !== true &&
    (providerKind(kind).baseUrl === undefined ||
      providerKind(kind).asksAddress === true ||
      baseUrl !== undefined),
  ask: async (_ports, draft, frame) => {
    const answer = await askText({
      ...frame,
      prompt: vscode.l10n.t('The base URL, up to and including the API version'),
      placeholder: providerKind(draft.kind).baseUrlExample ?? 'https://api.example.com/v1',
      value: draft.baseUrl ?? providerKind(draft.kind).baseUrl ?? '',
      problemOf: (text) => baseUrlProblem(text)?.(vscode.l10n),
    });
    // The next steps show what was made of it.
    return mapValue(answer, (baseUrl) => ({ ...draft, baseUrl: cutBaseUrl(baseUrl) }));
  },
};

export const askKey: Step = {
  applies: ({ kind }) => providerKind(kind).key !== 'none',
  ask: async (ports, draft, frame) => {
    const row = providerKind(draft.kind);
    const { origin } = configOf(draft);
    const entered = draft.key !== undefined;
    const state =
      draft.existing && origin !== undefined ? await ports.vault.state(draft.id, origin) : undefined;
    const stored = state?.kind === 'set';
    // The key cannot be stored later either, so the user learns of it before typing one.
    const problem = state?.kind === 'storeSilent' ? describeVaultRefusal(state, vscode.l10n).message : '';
    const answer = await askText({
      ...frame,
      prompt:
        `${problem} ${keyPrompt({ entered, stored, optional: row.key === 'optional' }, row.keyUrl)}`.trim(),
      password: true,
      value: '',
      problemOf: (text) => keyProblem(draft.kind, text, entered || stored || row.key === 'optional'),
    });
    if (answer.kind !== 'value') return answer;
    const key = answer.value === '' ? draft.key : new Secret(answer.value);
    if (key !== undefined && !(await mayReceiveKey(configOf(draft).baseUrl))) return { kind: 'back' };
    return value({ ...draft, key });
  },
};

/** A key that was entered or stored is never shown again, not even as dots. */
function keyPrompt(
  known: { entered: boolean; stored: boolean; optional: boolean },
  keyUrl: string | undefined,
): string {
  if (known.entered) return vscode.l10n.t('The API key. Leave it empty to keep the one you just entered.');
  if (known.stored) return vscode.l10n.t('The API key. Leave it empty to keep the stored one.');
  if (known.optional) return vscode.l10n.t('The API key. Leave it empty if the server needs none.');
  return keyUrl === undefined
    ? vscode.l10n.t('The API key')
    : vscode.l10n.t('The API key. Get one at {0}.', keyUrl);
}

export const askModels: Step = {
  applies: ({ kind }) => kind !== 'sandbox',
  ask: async (ports, draft, frame) => {
    const config = configOf(draft);
    const itemOf = (label: string) => ({ label });
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
      items: modelItems(ports, draft, itemOf),
    });
    return mapValue(answer, (chosen) => ({ ...draft, models: chosen.map(({ label }) => label) }));
  },
};

async function modelItems(
  ports: SetUpPorts,
  draft: SetUpDraft,
  itemOf: (label: string) => vscode.QuickPickItem,
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
  const listed = await listModels(ports, draft);
  const known = listed.ok ? listed.value : [];
  const ids = [...draft.models, ...known.filter((id) => !draft.models.includes(id))];
  const items = ids.map(itemOf);
  const picked = items.filter(({ label }) => draft.models.includes(label));
  if (listed.ok) return { items, picked };
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
async function listModels(ports: SetUpPorts, draft: SetUpDraft): Promise<Result<readonly string[], string>> {
  try {
    const listed = await ports.listModels({ config: configOf(draft), draftKey: draft.key });
    return listed.ok ? listed : err(listed.error(vscode.l10n));
  } catch (error) {
    ports.log.error(`${draft.id}: the models could not be listed.`, error);
    return err(describeError(error, ports.log)(vscode.l10n));
  }
}

export const askTest: Step = {
  applies: () => true,
  ask: async (ports, draft, frame) => {
    const test = { label: vscode.l10n.t('$(play) Send a test request'), next: 'test' as const };
    const skip = { label: vscode.l10n.t('$(debug-step-over) Continue without a test'), next: 'go' as const };
    let placeholder = vscode.l10n.t("Sends one small request through all of Callguard's checks");
    for (let items: { label: string; next: 'test' | 'go' }[] = [test, skip]; ;) {
      const answer = await askOne({ ...frame, placeholder, items });
      if (answer.kind !== 'value') return answer;
      if (answer.value.next === 'go') return value(draft);
      const model = configOf(draft).models[0] ?? '';
      const guard = ports.draftGuard({ config: configOf(draft), draftKey: draft.key });
      const tested = await testCancellably({ ...ports, guard }, { provider: draft.id, model });
      placeholder = tested.text(vscode.l10n);
      items = tested.ok
        ? [{ label: vscode.l10n.t('$(check) Continue'), next: 'go' }]
        : [
            { label: vscode.l10n.t('$(refresh) Test again'), next: 'test' },
            { label: vscode.l10n.t('$(warning) Continue anyway'), next: 'go' },
          ];
    }
  },
};

export const askDefault: Step = {
  applies: () => true,
  ask: async (ports, draft, frame) => {
    const model = `${draft.id}/${configOf(draft).models[0] ?? ''}`;
    const current = ports.settings.current.defaultModel;
    const yes = { label: vscode.l10n.t('Yes, use {0} by default', model), makeDefault: true };
    const kept =
      current === undefined
        ? vscode.l10n.t('No, let me choose each time')
        : vscode.l10n.t('No, keep {0}', current);
    const no = { label: kept, makeDefault: false };
    const answer = await askOne({
      ...frame,
      placeholder: vscode.l10n.t('Make it the default model for Callguard: Ask?'),
      items: current === undefined ? [yes, no] : [no, yes],
    });
    return mapValue(answer, ({ makeDefault }) => ({ ...draft, makeDefault }));
  },
};

function value<T>(of: T): Answer<T> {
  return { kind: 'value', value: of };
}

function mapValue<T, U>(answer: Answer<T>, map: (value: T) => U): Answer<U> {
  return answer.kind === 'value' ? value(map(answer.value)) : answer;
}
