import * as vscode from 'vscode';
import { keyFacts } from '../../../providers/config/catalogue-keys.ts';
import { providerKinds, providerKind, type ProviderKind } from '../../../providers/config/catalogue.ts';
import type { CallResult } from '../../../guard/call-state.ts';
import { baseUrlProblem, cutBaseUrl, otherBaseUrl } from '../../../providers/config/base-url.ts';
import { idProblem } from '../../../providers/config/provider-config.ts';
import { Secret } from '../../../shared/secret.ts';
import type { DraftGuard } from '../../../providers/transport/draft-guard.ts';
import type { ListModels } from '../../../providers/config/model-lister.ts';
import type { KnownFacts } from '../../../providers/pricing/model-facts.ts';
import type { TestPorts } from '../../../observe/test-call.ts';
import { describeVaultRefusal } from '../../../vault/vault-refusal.ts';
import { keyProblem, mayReceiveKey } from '../../keys/enter-key.ts';
import { askOne, askText, type Answer, type StepFrame } from '../../ui/quick-steps.ts';
import { testCancellably } from '../../ui/test-with-progress.ts';
import type { EditorSettings } from '../../editor-settings.ts';
import { configOf, type SetUpDraft } from './draft.ts';
import type { SavePorts } from './save.ts';

export interface SetUpPorts extends SavePorts, TestPorts {
  readonly settings: EditorSettings;
  readonly facts: Pick<KnownFacts, 'served' | 'lookup'>;
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
  const { baseUrl, unproven } = providerKind(kind);
  const address = baseUrl ?? keyFacts(kind).baseUrlExample ?? '';
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
      placeholder: keyFacts(draft.kind).baseUrlExample ?? 'https://api.example.com/v1',
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
        `${problem} ${keyPrompt({ entered, stored, optional: row.key === 'optional' }, keyFacts(draft.kind).keyUrl)}`.trim(),
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

export const askTest: Step = {
  applies: () => true,
  ask: async (ports, draft, frame) => {
    const test = { label: vscode.l10n.t('$(play) Send a test request'), next: 'test' as const };
    const skip = { label: vscode.l10n.t('$(debug-step-over) Continue without a test'), next: 'go' as const };
    let placeholder = vscode.l10n.t("Sends one small request through all of Callguard's checks");
    for (let items: { label: string; next: 'test' | 'go' | SetUpDraft }[] = [test, skip]; ;) {
      const answer = await askOne({ ...frame, placeholder, items });
      if (answer.kind !== 'value') return answer;
      const { next } = answer.value;
      if (next === 'go') return value(draft);
      if (next !== 'test') return value(next);
      const tested = await testDraft(ports, draft);
      placeholder = tested.text(vscode.l10n);
      const other = isNotFound(tested.result) ? await workingElsewhere(ports, draft) : undefined;
      items = tested.ok
        ? [{ label: vscode.l10n.t('$(check) Continue'), next: 'go' }]
        : [
            ...(other === undefined
              ? []
              : [
                  {
                    label: vscode.l10n.t('$(check) Use {0}, which answers', other.baseUrl ?? ''),
                    next: other,
                  },
                ]),
            { label: vscode.l10n.t('$(refresh) Test again'), next: 'test' },
            { label: vscode.l10n.t('$(warning) Continue anyway'), next: 'go' },
          ];
    }
  },
};

function testDraft(ports: SetUpPorts, draft: SetUpDraft) {
  const config = configOf(draft);
  const guard = ports.draftGuard({ config, draftKey: draft.key });
  return testCancellably({ ...ports, guard }, { provider: draft.id, model: config.models[0] ?? '' });
}

function isNotFound(result: CallResult): boolean {
  return result.kind === 'failed' && result.failure.kind === 'http' && result.failure.status === 404;
}

/** The draft with the address that answers the same test: with the API's version, or without it. */
async function workingElsewhere(ports: SetUpPorts, draft: SetUpDraft): Promise<SetUpDraft | undefined> {
  if (draft.baseUrl === undefined) return undefined;
  const other = { ...draft, baseUrl: otherBaseUrl(draft.baseUrl) };
  return (await testDraft(ports, other)).ok ? other : undefined;
}

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

export function mapValue<T, U>(answer: Answer<T>, map: (value: T) => U): Answer<U> {
  return answer.kind === 'value' ? value(map(answer.value)) : answer;
}
