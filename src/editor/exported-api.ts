import * as vscode from 'vscode';
import type { CallguardApi, ChatRequest, ChatResult, ModelInfo } from '../api.ts';
import { readAnswer } from '../guard/read-answer.ts';
import { chatView, testView, usageStatsView } from '../observe/api-views.ts';
import { rowOf } from '../providers/catalogue.ts';
import { offeredModels, offeredRoutes } from '../providers/offers.ts';
import { nameOf } from '../providers/target.ts';
import type { Disposable } from '../shared/disposable.ts';
import { configureFor } from './api-configure.ts';
import { declaredBy, parseChat, promptFor } from './api-requests.ts';
import type { CallNotices } from './call-notices.ts';
import type { CommandContext } from './command.ts';
import { currentStatus } from './current-status.ts';
import { callFor } from './front-door.ts';
import { readMetrics } from './metrics-source.ts';
import type { Overview } from './overview.ts';
import { testCall } from './test-call.ts';
import { describeResult } from './words.ts';

export interface ApiContext extends Pick<
  CommandContext,
  'guard' | 'ledger' | 'settings' | 'vault' | 'clock' | 'log'
> {
  readonly overview: Overview;
  /** Told how each call ended, since its caller may show nothing of a refusal. */
  readonly notices: Pick<CallNotices, 'note'>;
}

/** What other extensions get from `activate`. Frozen: one consumer cannot change what another one calls. */
export function createExportedApi(context: ApiContext): { readonly api: CallguardApi } & Disposable {
  const { settings, overview } = context;
  const changed = new vscode.EventEmitter<void>();
  const subscription = overview.onDidChange(() => {
    changed.fire();
  });
  const api: CallguardApi = Object.freeze({
    version: 1,
    chat: (request: ChatRequest) => chat(context, request),
    models: () => modelsOf(context),
    getStatus: () => currentStatus(context),
    getUsageStats: async () => {
      const { status, problem } = await overview.read();
      if (status === undefined) throw new Error(problem ?? vscode.l10n.t('The ledger is not open.'));
      return usageStatsView(status);
    },
    getMetrics: () => readMetrics(context),
    getProviderConfigs: () =>
      [...settings.current.providers.usable.values()].map(({ id, kind, enabled, baseUrl, models }) => ({
        id,
        kind,
        label: rowOf(kind).label,
        enabled,
        ...(baseUrl === undefined ? {} : { baseUrl }),
        models: [...models],
      })),
    configureProvider: (request) => configureFor(context, request),
    testProvider: async (provider) => {
      const model = settings.current.providers.usable.get(provider)?.models[0];
      if (model === undefined) {
        return { ok: false, message: vscode.l10n.t('There is no provider {0} with a model.', provider) };
      }
      const { result, text } = await testCall(context, { provider, model });
      return testView(result, text);
    },
    onDidChangeStatus: changed.event,
  } satisfies CallguardApi);
  return {
    api,
    dispose: () => {
      subscription.dispose();
      changed.dispose();
    },
  };
}

async function chat(context: ApiContext, request: ChatRequest): Promise<ChatResult> {
  const { settings, guard, clock, notices } = context;
  const parsed = parseChat(request);
  const model = settings.resolve(parsed.model);
  if (model === undefined) {
    const message = vscode.l10n.t("Callguard has no model or route '{0}'.", parsed.model);
    return { ok: false, kind: 'refused', reason: 'settings', message, text: '' };
  }
  const signal = parsed.signal ?? new AbortController().signal;
  const call = callFor(settings, 'api', model, promptFor(parsed), signal, declaredBy(parsed.caller));
  let text = '';
  const result = await readAnswer(guard.run(call), (part) => {
    if (part.type !== 'text-delta') return;
    text += part.delta;
    parsed.onText?.(part.delta);
  });
  notices.note(result);
  return chatView(result, text, describeResult(result, clock.nowMs()));
}

function modelsOf({ settings }: ApiContext): ModelInfo[] {
  return [
    ...offeredModels(settings.current).map((target) => ({
      id: nameOf(target),
      kind: 'model' as const,
      provider: target.provider,
    })),
    ...offeredRoutes(settings.current).map((id) => ({ id, kind: 'route' as const })),
  ];
}
