import * as vscode from 'vscode';
import type { Prompt } from '../../guard/call.ts';
import type { CallResult } from '../../guard/call-state.ts';
import type { Guard } from '../../guard/guard.ts';
import { readAnswer } from '../../guard/read-answer.ts';
import { codeBlock, labelText, messageText } from '../../shared/escape.ts';
import type { KnownFacts } from '../../providers/pricing/model-facts.ts';
import type { ResolvedModel } from '../../providers/rules/routes.ts';
import { offeredChats } from '../../providers/rules/offered-models.ts';
import { nameOf } from '../../providers/config/target-name.ts';
import { english } from '../../shared/l10n.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Vault } from '../../vault/vault.ts';
import { AnswerDocument } from '../ui/answer-document.ts';
import { welcome } from '../notify/welcome.ts';
import { callFor } from '../editor-call.ts';
import type { EditorSettings } from '../editor-settings.ts';
import type { EditorLog } from '../editor-log.ts';
import { actionAfter } from '../notify/call-actions.ts';
import { describeResult, describeShown } from '../../guard/describe-result.ts';

interface AskPorts {
  readonly guard: Guard;
  readonly vault: Vault;
  readonly settings: EditorSettings;
  readonly facts: Pick<KnownFacts, 'lookup'>;
  readonly memory: vscode.Memento;
  readonly clock: Clock;
  readonly log: EditorLog;
}

/** Sends a question to the default model, with the selection as context. Streams the answer into an editor beside. */
export async function ask(ports: AskPorts): Promise<void> {
  const name = await modelToAsk(ports);
  const model = name === undefined ? undefined : ports.settings.resolve(name);
  if (name === undefined || model === undefined) return;
  const selection = selectedText();
  const question = await vscode.window.showInputBox({
    title: vscode.l10n.t('Ask {0}', name),
    prompt:
      selection === undefined
        ? vscode.l10n.t('Your question')
        : vscode.l10n.t(
            'Your question. The selection ({0} characters) is sent with it.',
            selection.text.length,
          ),
    ignoreFocusOut: true,
    validateInput: (text) =>
      text.trim() === '' ? vscode.l10n.t('Type a question, or press Esc to cancel.') : undefined,
  });
  if (question === undefined) return;
  const answer = await AnswerDocument.open(heading(question, name));
  const result = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: messageText(vscode.l10n.t('Asking {0}', name)),
      cancellable: true,
    },
    (_progress, token) => stream(ports, model, promptFor(question, selection), answer, token),
  );
  await conclude(ports, result, answer);
}

const lastAsked = 'callguard.lastAsked';

/** The default model, or the one that the user picks. The model picked last comes first. */
async function modelToAsk({ settings, facts, memory }: AskPorts): Promise<string | undefined> {
  const { current } = settings;
  if (current.defaultModel !== undefined) return current.defaultModel;
  const last = memory.get<string>(lastAsked);
  const chats = offeredChats(current, 'editor', facts.lookup);
  const models = chats.models.map((target) => ({
    label: labelText(target.model),
    description: nameOf(target) === last ? vscode.l10n.t('last used') : '',
    name: nameOf(target),
    group: target.provider,
  }));
  const routes = chats.routes.map((name) => ({
    label: labelText(name),
    description: name === last ? vscode.l10n.t('last used') : '',
    name,
    group: vscode.l10n.t('routes'),
  }));
  const all = [...routes, ...models];
  const offered = [...all.filter(({ name }) => name === last), ...all.filter(({ name }) => name !== last)];
  if (offered.length === 0) {
    await welcome();
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(grouped(offered), {
    title: vscode.l10n.t('Select a model to ask'),
    ignoreFocusOut: true,
  });
  if (picked === undefined) return undefined;
  await memory.update(lastAsked, picked.name);
  return picked.name;
}

interface OfferedItem extends vscode.QuickPickItem {
  readonly name: string;
  readonly group: string;
}

/** Puts a heading before the first item of each provider. */
function grouped(items: readonly OfferedItem[]): OfferedItem[] {
  return items.flatMap((item, index) => {
    if (item.group === items[index - 1]?.group) return [item];
    const kind = vscode.QuickPickItemKind.Separator;
    return [{ label: item.group, kind, name: '', group: item.group }, item];
  });
}

interface Selection {
  readonly text: string;
  readonly languageId: string;
  readonly file: string;
}

function selectedText(): Selection | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined || editor.selection.isEmpty) return undefined;
  const { document } = editor;
  const file = vscode.workspace.asRelativePath(document.uri);
  return { text: document.getText(editor.selection), languageId: document.languageId, file };
}

function promptFor(question: string, selection: Selection | undefined): Prompt {
  const context =
    selection === undefined
      ? ''
      : `\n\nFrom ${selection.file}:\n\n${codeBlock(selection.text, selection.languageId)}`;
  return { prompt: [{ role: 'user', content: [{ type: 'text', text: question + context }] }] };
}

function heading(question: string, name: string): string {
  const quoted = question
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
  return `${quoted}\n\n*${name}*\n\n`;
}

async function stream(
  { guard, settings }: AskPorts,
  model: ResolvedModel,
  prompt: Prompt,
  answer: AnswerDocument,
  token: vscode.CancellationToken,
): Promise<CallResult> {
  const abort = new AbortController();
  const stop = () => {
    abort.abort();
  };
  const stops = vscode.Disposable.from(token.onCancellationRequested(stop), answer.onDidClose(stop));
  try {
    const run = guard.run(callFor(settings, 'ask', model, prompt, abort.signal));
    const result = await readAnswer(run, (part) => {
      if (part.type === 'text-delta') answer.append(part.delta);
    });
    await answer.flush();
    return result;
  } finally {
    stops.dispose();
  }
}

async function conclude(ports: AskPorts, result: CallResult, answer: AnswerDocument): Promise<void> {
  if (result.kind === 'aborted') answer.append(vscode.l10n.t('\n\n*Cancelled.*\n'));
  else if (result.kind === 'done') {
    const shown = describeShown(result)?.(vscode.l10n);
    answer.append(shown === undefined ? '\n' : `\n\n*${shown}*\n`);
  }
  const problem = describeResult(result, ports.clock.nowMs());
  if (problem !== undefined) {
    const what =
      result.kind === 'refused' ? vscode.l10n.t('Not sent.') : vscode.l10n.t('No complete answer.');
    const gap = result.kind === 'failed' && result.afterContent ? '\n\n' : '';
    answer.append(`${gap}**${what}** ${problem(vscode.l10n)}\n`);
  }
  await answer.flush();
  if (problem === undefined) return;
  ports.log.warn(`Ask: ${problem(english)}`);
  const showLog = vscode.l10n.t('Show Log');
  const action = await actionAfter(ports, result);
  const buttons = action === undefined ? [showLog] : [action.label, showLog];
  const chosen = await vscode.window.showErrorMessage(problem(vscode.l10n), ...buttons);
  if (chosen === showLog) ports.log.show();
  else if (action !== undefined && chosen === action.label)
    await vscode.commands.executeCommand(action.command, action.provider);
}
