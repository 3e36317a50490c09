import * as vscode from 'vscode';
import type { CallResult } from '../../guard/call-state.ts';
import type { Guard } from '../../guard/guard.ts';
import { readAnswer } from '../../guard/read-answer.ts';
import type { Clock } from '../../shared/clock.ts';
import type { CallNotices } from '../notify/call-notices.ts';
import { callFor } from '../editor-call.ts';
import { promptOf } from './prompt-from-messages.ts';
import { responsePart, usagePart } from './response-parts.ts';
import type { EditorSettings } from '../editor-settings.ts';
import { describeResult, describeShown } from '../../guard/describe-result.ts';

export interface ResponseOptions {
  readonly settings: EditorSettings;
  readonly guard: Guard;
  readonly clock: Clock;
  /** Receives the result of each call, because its caller may not show a refusal. */
  readonly notices: Pick<CallNotices, 'report'>;
}

/** Answers a request from `vscode.lm`. */
export async function respond(
  { settings, guard, clock, notices }: ResponseOptions,
  model: vscode.LanguageModelChatInformation,
  messages: readonly vscode.LanguageModelChatRequestMessage[],
  request: vscode.ProvideLanguageModelChatResponseOptions,
  progress: vscode.Progress<vscode.LanguageModelResponsePart>,
  token: vscode.CancellationToken,
): Promise<void> {
  const resolved = settings.resolve(model.id);
  if (resolved === undefined) {
    throw vscode.LanguageModelError.NotFound(
      vscode.l10n.t("Callguard has no model or route '{0}'. Choose another one, or set it up.", model.id),
    );
  }
  const abort = new AbortController();
  const stop = () => {
    abort.abort();
  };
  if (token.isCancellationRequested) stop();
  const cancellation = token.onCancellationRequested(stop);
  try {
    const prompt = promptOf(messages, request);
    const initiator = initiatorOf(request);
    const call = callFor(settings, 'languageModel', resolved, prompt, abort.signal, initiator);
    const result = await readAnswer(guard.run(call), (part) => {
      const shown = responsePart(part);
      if (shown !== undefined) progress.report(shown);
    });
    notices.report(result);
    finish(result, clock);
    const usage = result.kind === 'done' ? usagePart(result.usage) : undefined;
    if (usage !== undefined) progress.report(usage);
    reportCut(result, prompt.maxOutputTokens !== undefined);
  } finally {
    cancellation.dispose();
  }
}

/** Turns every result but a whole answer into an error that VS Code's consumers understand. */
function finish(result: CallResult, clock: Clock): void {
  if (result.kind === 'aborted') throw new vscode.CancellationError();
  const message = describeResult(result, clock.nowMs())?.(vscode.l10n);
  if (message === undefined) return;
  if (result.kind === 'refused' && result.refusal.kind === 'policy') {
    throw vscode.LanguageModelError.NoPermissions(message);
  }
  if (result.kind === 'refused') throw vscode.LanguageModelError.Blocked(message);
  throw new vscode.LanguageModelError(message);
}

/**
 * An answer without text, or one that ends early, is an error to the consumer, who has no other way to learn of it. One
 * that ends at the consumer's own limit is what the consumer asked for.
 */
function reportCut(result: CallResult, hasOwnLimit: boolean): void {
  const isOwnCut =
    result.kind === 'done' && result.only === undefined && result.finish === 'length' && hasOwnLimit;
  const message = isOwnCut ? undefined : describeShown(result)?.(vscode.l10n);
  if (message === undefined) return;
  if (result.kind === 'done' && result.finish === 'content-filter')
    throw vscode.LanguageModelError.Blocked(message);
  throw new vscode.LanguageModelError(message);
}

/** Some versions pass `requestInitiator` at run time. The typings do not have it. */
function initiatorOf(request: vscode.ProvideLanguageModelChatResponseOptions): string | undefined {
  return 'requestInitiator' in request && typeof request.requestInitiator === 'string'
    ? request.requestInitiator
    : undefined;
}
