import * as vscode from 'vscode';
import type { ChatRequest, ChatResult, TestOutcome } from '../../api.ts';
import { readAnswer } from '../../guard/read-answer.ts';
import { chatView, testView } from '../../observe/api-views.ts';
import { declaredBy, parseChat, promptFor } from './api-requests.ts';
import type { CallNotices } from '../notify/call-notices.ts';
import type { KnownFacts } from '../../providers/pricing/model-facts.ts';
import { modelToTry } from '../../providers/rules/offered-models.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Guard } from '../../guard/guard.ts';
import type { Log } from '../../shared/log.ts';
import type { EditorSettings } from '../editor-settings.ts';
import { callFor } from '../editor-call.ts';
import type { Overview } from '../overview.ts';
import type { StatusPorts } from '../../observe/read-status.ts';
import { nothingToTest, testCall } from '../../observe/test-call.ts';
import { describeResult } from '../../guard/describe-result.ts';

export interface ApiPorts extends StatusPorts {
  readonly guard: Guard;
  readonly settings: EditorSettings;
  readonly vault: Vault;
  readonly facts: Pick<KnownFacts, 'lookup'>;
  readonly log: Log;
  readonly overview: Overview;
  /** Receives the result of each call, because its caller may not show a refusal. */
  readonly notices: Pick<CallNotices, 'report'>;
}

/** Makes a call for another extension. */
export async function chat(ports: ApiPorts, request: ChatRequest): Promise<ChatResult> {
  const { settings, guard, clock, notices } = ports;
  const parsed = parseChat(request);
  const model = settings.resolve(parsed.model);
  if (model === undefined) {
    const message = vscode.l10n.t("Callguard has no model or route '{0}'.", parsed.model);
    return { ok: false, kind: 'refused', reason: 'settings', message, text: '' };
  }
  const signal = parsed.signal ?? new AbortController().signal;
  const { idempotent } = parsed;
  const call = {
    ...callFor(settings, 'api', model, promptFor(parsed), signal, declaredBy(parsed.caller)),
    idempotent,
  };
  let text = '';
  const result = await readAnswer(guard.run(call), (part) => {
    if (part.type !== 'text-delta') return;
    text += part.delta;
    parsed.onText?.(part.delta);
  });
  notices.report(result);
  return chatView(result, text, describeResult(result, clock.nowMs())?.(vscode.l10n));
}

export async function test(ports: ApiPorts, provider: string): Promise<TestOutcome> {
  const config = ports.settings.current.providers.usable.get(provider);
  const model = modelToTry(config, ports.facts.lookup);
  if (model === undefined) {
    return { ok: false, message: nothingToTest(provider)(vscode.l10n) };
  }
  const { result, text } = await testCall(ports, { provider, model });
  return testView(result, text(vscode.l10n), vscode.l10n);
}
