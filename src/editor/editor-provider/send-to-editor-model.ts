import * as vscode from 'vscode';
import type { Outcome } from '../../guard/outcome.ts';
import type { Prompt } from '../../guard/call.ts';
import type { AttemptReport, ReportedUsage, SentPart } from '../../guard/sender-port.ts';
import { parseEditorModel, type TranslatedAttempt } from '../../providers/config/editor-models.ts';
import { present, type Sanitize } from '../../providers/transport/provider-message.ts';
import { createUsageReader } from '../../providers/stream/usage-reader.ts';
import { parseJson } from '../../shared/json.ts';
import type { Wording } from '../../shared/l10n.ts';
import { isThinkingPart } from '../language-model/thinking-part.ts';
import { editorMessages, editorTools, UnsupportedPartError } from './messages-from-prompt.ts';
import { ThoughtBlocks } from './thought-blocks.ts';

const usageMimeType = 'usage';
const textId = '0';

/** Makes one attempt on a model of another vendor. */
export async function* sendToEditorModel(
  attempt: TranslatedAttempt,
  sanitize: Sanitize,
): AsyncGenerator<SentPart, AttemptReport, void> {
  const { signal, prompt, progress } = attempt;
  const { wireModel } = attempt.resolved;
  const cancellation = new vscode.CancellationTokenSource();
  const aborted = Promise.withResolvers<'aborted'>();
  const stop = () => {
    cancellation.cancel();
    aborted.resolve('aborted');
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  const usage = createUsageReader('openai-chat');
  const end = (outcome: Outcome): AttemptReport => ({ outcome, ...reported(usage.usage) });
  try {
    // There is no socket to wait for: the vendor's extension makes the request.
    progress('connected');
    const response = await Promise.race([request(wireModel, prompt, cancellation.token), aborted.promise]);
    if (response === 'aborted') return end({ kind: 'aborted' });
    const parts = response.stream[Symbol.asyncIterator]();
    let hasBegun = false;
    let calls = 0;
    const thoughts = new ThoughtBlocks();
    yield { part: { type: 'text-start', id: textId }, content: false };
    for (;;) {
      // A vendor may ignore its cancellation token. That must not hold the call.
      const next = await Promise.race([parts.next(), aborted.promise]);
      if (next === 'aborted') return end({ kind: 'aborted' });
      if (next.done === true) break;
      // VS Code returns a response before its model has answered, so only a part is the beginning of the answer.
      progress(hasBegun ? 'bytes' : 'headers');
      hasBegun = true;
      const { value } = next;
      if (!isThinkingPart(value)) yield* thoughts.end();
      if (value instanceof vscode.LanguageModelTextPart) {
        yield { part: { type: 'text-delta', id: textId, delta: value.value }, content: value.value !== '' };
      } else if (value instanceof vscode.LanguageModelToolCallPart) {
        calls += 1;
        const { callId: toolCallId, name: toolName, input } = value;
        const json = JSON.stringify(input);
        // Every sender passes deltas on. Where no usage is reported, the guard estimates it from them.
        yield { part: { type: 'tool-input-start', id: toolCallId, toolName }, content: false };
        yield { part: { type: 'tool-input-delta', id: toolCallId, delta: json }, content: true };
        yield { part: { type: 'tool-input-end', id: toolCallId }, content: false };
        yield { part: { type: 'tool-call', toolCallId, toolName, input: json }, content: true };
      } else if (isThinkingPart(value)) {
        yield* thoughts.add(value);
      } else if (value instanceof vscode.LanguageModelDataPart && value.mimeType === usageMimeType) {
        usage.read({ usage: parseJson(new TextDecoder().decode(value.data)) });
      }
    }
    yield* thoughts.end();
    yield { part: { type: 'text-end', id: textId }, content: false };
    yield { part: finishPart(calls > 0, usage.usage), content: false };
    return end({ kind: 'complete' });
  } catch (error) {
    return end(signal.aborted ? { kind: 'aborted' } : outcomeOf(error, wireModel, sanitize));
  } finally {
    signal.removeEventListener('abort', stop);
    // The reader may stop in the middle of an answer.
    cancellation.cancel();
    cancellation.dispose();
  }
}

async function request(
  name: string,
  prompt: Prompt,
  token: vscode.CancellationToken,
): Promise<vscode.LanguageModelChatResponse> {
  const wanted = parseEditorModel(name);
  if (wanted === undefined)
    throw new UnsupportedPartError(`the model '${name}', because its name is not 'vendor/model'`);
  const models = await vscode.lm.selectChatModels({ vendor: wanted.vendor });
  const model =
    models.find(({ id }) => id === wanted.name) ?? models.find(({ family }) => family === wanted.name);
  if (model === undefined) throw vscode.LanguageModelError.NotFound();
  // Vendors have no common name for an output limit, so the limit of the request is not passed on.
  return await model.sendRequest(
    editorMessages(prompt.prompt),
    { justification: vscode.l10n.t('Callguard sends your requests to this model.'), ...editorTools(prompt) },
    token,
  );
}

/** A refusal by the vendor, or by VS Code on its behalf, is not a failure: other models may still answer. */
function outcomeOf(error: unknown, model: string, sanitize: Sanitize): Outcome {
  const message = present(error instanceof Error ? error.message : undefined, sanitize);
  const unsendable = (problem: Wording): Outcome => ({ kind: 'unsendable', problem });
  if (error instanceof UnsupportedPartError)
    return unsendable((l10n) => l10n.t('VS Code does not support {0}', message));
  switch (error instanceof vscode.LanguageModelError ? error.code : undefined) {
    case 'NotFound':
      return unsendable((l10n) =>
        l10n.t("VS Code has no model '{0}'. Choose another one, or refresh the models", model),
      );
    case 'NoPermissions':
      return unsendable((l10n) =>
        l10n.t(
          "Callguard is not allowed to use the model ({0}). Allow it with 'Chat: Manage Language Model Access...'",
          message === '' ? l10n.t('unknown error') : message,
        ),
      );
    case 'Blocked':
      return { kind: 'declined', message };
    default:
      return { kind: 'errorEvent', message };
  }
}

function reported(usage: ReportedUsage | undefined): { usage?: ReportedUsage } {
  return usage === undefined ? {} : { usage };
}

function finishPart(calledTools: boolean, usage: ReportedUsage | undefined): SentPart['part'] {
  return {
    type: 'finish',
    finishReason: { unified: calledTools ? 'tool-calls' : 'stop', raw: undefined },
    usage: {
      inputTokens: {
        total: usage?.inputTokens,
        noCache: undefined,
        cacheRead: usage?.cachedInputTokens,
        cacheWrite: undefined,
      },
      outputTokens: { total: usage?.outputTokens, text: undefined, reasoning: undefined },
    },
  };
}
