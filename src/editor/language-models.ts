import * as vscode from 'vscode';
import type { Part } from '../guard/call.ts';
import type { CallResult } from '../guard/call-state.ts';
import { estimateInputTokens } from '../guard/estimate.ts';
import type { Guard } from '../guard/guard.ts';
import { readAnswer } from '../guard/read-answer.ts';
import { offeredModels } from '../providers/rulebook.ts';
import { defaultOutputTokens } from '../providers/settings.ts';
import type { Disposable } from '../shared/disposable.ts';
import type { Clock } from '../shared/clock.ts';
import { callFor } from './front-door.ts';
import type { KeyNotices } from './key-notices.ts';
import { promptOf } from './messages.ts';
import type { EditorSettings } from './settings.ts';
import { describeResult } from './words.ts';

/** Where a model's context is not known: what every current model has at least. */
const assumedContextTokens = 128_000;

/**
 * Every configured model, for any extension: `vscode.lm.selectChatModels({ vendor: 'callguard' })`. How each call
 * ended goes to `notices` as well, since the caller may show nothing of it.
 */
export function registerLanguageModels(
  settings: EditorSettings,
  guard: Guard,
  clock: Clock,
  notices: Pick<KeyNotices, 'note'>,
): Disposable {
  const changed = new vscode.EventEmitter<void>();
  const registration = vscode.lm.registerLanguageModelChatProvider('callguard', {
    onDidChangeLanguageModelChatInformation: changed.event,
    provideLanguageModelChatInformation: () => [
      ...offeredModels(settings.current).map(informationOf),
      ...[...settings.current.routes.keys()].map(routeInformation),
    ],
    provideLanguageModelChatResponse: async (model, messages, options, progress, token) => {
      const prompt = promptOf(messages, options);
      const result = await respond(guard, settings, model, prompt, options, progress, token);
      notices.note(result);
      finish(result, clock);
    },
    provideTokenCount: (_model, text) => Promise.resolve(countTokens(text)),
  });
  const subscription = settings.onDidChange(() => {
    changed.fire();
  });
  return vscode.Disposable.from(registration, subscription, changed);
}

function informationOf(target: { provider: string; model: string }): vscode.LanguageModelChatInformation {
  return {
    id: `${target.provider}/${target.model}`,
    name: target.model,
    detail: target.provider,
    tooltip: vscode.l10n.t('{0} by {1}, guarded by Callguard', target.model, target.provider),
    family: target.model,
    version: '1',
    maxInputTokens: assumedContextTokens - defaultOutputTokens,
    maxOutputTokens: defaultOutputTokens,
    capabilities: { toolCalling: true, imageInput: true },
    // Read by the workbench, and not in the typings: without it some versions hide the model from the picker.
    ...{ isUserSelectable: true },
  };
}

function routeInformation(name: string): vscode.LanguageModelChatInformation {
  const { tooltip, ...information } = informationOf({ provider: vscode.l10n.t('route'), model: name });
  return { ...information, id: name, tooltip: vscode.l10n.t('The route {0}, guarded by Callguard', name) };
}

function countTokens(text: string | vscode.LanguageModelChatRequestMessage): number {
  if (typeof text === 'string') {
    return estimateInputTokens({ prompt: [{ role: 'user', content: [{ type: 'text', text }] }] });
  }
  return estimateInputTokens(promptOf([text], { toolMode: vscode.LanguageModelChatToolMode.Auto }));
}

async function respond(
  guard: Guard,
  settings: EditorSettings,
  model: vscode.LanguageModelChatInformation,
  prompt: ReturnType<typeof promptOf>,
  options: vscode.ProvideLanguageModelChatResponseOptions,
  progress: vscode.Progress<vscode.LanguageModelResponsePart>,
  token: vscode.CancellationToken,
): Promise<CallResult> {
  const resolved = settings.resolve(model.id);
  if (resolved === undefined)
    throw vscode.LanguageModelError.NotFound(`Callguard has no model '${model.id}'.`);
  const abort = new AbortController();
  const cancellation = token.onCancellationRequested(() => {
    abort.abort();
  });
  try {
    const run = guard.run(
      callFor(settings, 'languageModel', resolved, prompt, abort.signal, initiatorOf(options)),
    );
    return await readAnswer(run, (part) => {
      const shown = responsePart(part);
      if (shown !== undefined) progress.report(shown);
    });
  } finally {
    cancellation.dispose();
  }
}

function responsePart(part: Part): vscode.LanguageModelResponsePart | undefined {
  if (part.type === 'text-delta') return new vscode.LanguageModelTextPart(part.delta);
  if (part.type === 'tool-call') {
    return new vscode.LanguageModelToolCallPart(part.toolCallId, part.toolName, parseInput(part.input));
  }
  return undefined;
}

/** Models send tool arguments as JSON text; what is not an object cannot be given to a tool. */
function parseInput(input: string): object {
  const parsed: unknown = JSON.parse(input === '' ? '{}' : input);
  if (typeof parsed === 'object' && parsed !== null) return parsed;
  throw new TypeError('the model called a tool with arguments that are no JSON object');
}

/** Turns whatever is not a whole answer into the error that VS Code's own consumers understand. */
function finish(result: CallResult, clock: Clock): void {
  if (result.kind === 'aborted') throw new vscode.CancellationError();
  const message = describeResult(result, clock.nowMs());
  if (message === undefined) return;
  if (result.kind === 'refused' && result.refusal.kind === 'policy') {
    throw vscode.LanguageModelError.NoPermissions(message);
  }
  if (result.kind === 'refused') throw vscode.LanguageModelError.Blocked(message);
  throw new vscode.LanguageModelError(message);
}

/** `requestInitiator` is there at run time in some versions, and not in the typings. */
function initiatorOf(options: vscode.ProvideLanguageModelChatResponseOptions): string | undefined {
  return 'requestInitiator' in options && typeof options.requestInitiator === 'string'
    ? options.requestInitiator
    : undefined;
}
