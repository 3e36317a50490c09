import * as vscode from 'vscode';
import type { CallguardApi, ChatRequest, ModelInfo } from '../../api.ts';
import { providerKind } from '../../providers/config/catalogue.ts';
import { offeredChats } from '../../providers/rules/offered-models.ts';
import { nameOf } from '../../providers/config/target-name.ts';
import type { Disposable } from '../../shared/disposable.ts';
import type { ApiPorts } from './api-calls.ts';

/** What `activate` returns to other extensions. It is frozen, so that no extension can change it for the others. */
export function createExportedApi(ports: ApiPorts): { readonly api: CallguardApi } & Disposable {
  const { settings, overview } = ports;
  const changed = new vscode.EventEmitter<void>();
  const subscription = overview.onDidChange(() => {
    changed.fire();
  });
  const api: CallguardApi = Object.freeze({
    version: 1,
    chat: async (request: ChatRequest) => (await import('./api-calls.ts')).chat(ports, request),
    models: () => modelsOf(ports),
    getStatus: async () => (await import('../../observe/read-status.ts')).currentStatus(ports),
    getUsageStats: async () => {
      const { status, problem } = await overview.read();
      if (status === undefined)
        throw new Error(problem?.(vscode.l10n) ?? vscode.l10n.t('The ledger is not open.'));
      return (await import('../../observe/api-views.ts')).usageStatsView(status);
    },
    getMetrics: async () => (await import('../../observe/metrics/read-metrics.ts')).readMetrics(ports),
    getProviderConfigs: () =>
      [...settings.current.providers.usable.values()].map(({ id, kind, enabled, baseUrl, models }) => ({
        id,
        kind,
        label: providerKind(kind).label,
        enabled,
        ...(baseUrl === undefined ? {} : { baseUrl }),
        models: [...models],
      })),
    configureProvider: async (request) => (await import('./api-configure.ts')).configureFor(ports, request),
    testProvider: async (provider) => (await import('./api-calls.ts')).test(ports, provider),
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

function modelsOf({ settings, facts }: ApiPorts): ModelInfo[] {
  const { models, routes } = offeredChats(settings.current, 'editor', facts.lookup);
  return [
    ...models.map((target) => ({ id: nameOf(target), kind: 'model' as const, provider: target.provider })),
    ...routes.map((id) => ({ id, kind: 'route' as const })),
  ];
}
