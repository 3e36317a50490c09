import * as vscode from 'vscode';
import type { ManagementPort } from '../../gateway/gateway-ports.ts';
import { jsonText } from '../../shared/escape.ts';
import { testDocument } from '../../observe/test-document.ts';
import { readUsageStats } from '../../observe/usage-stats.ts';
import type { ProviderConfig, ProviderEntry } from '../../providers/config/provider-config.ts';
import { defaultTenant } from '../../providers/rules/tenants.ts';
import { english } from '../../shared/l10n.ts';
import type { Log } from '../log.ts';
import type { EditorSettings } from '../editor-settings.ts';
import { currentStatus, type StatusPorts } from '../read-status.ts';
import { readMetrics } from '../metrics/read-metrics.ts';
import { nothingToTest, testCall, type TestPorts } from '../test-call.ts';
import { describeEndpoint } from '../notify/describe-result.ts';

/** The guard is the one of calls that belong to no workspace. */
export interface ManagementPorts extends StatusPorts, TestPorts {
  readonly settings: EditorSettings;
  readonly log: Log;
}

/** The management contract as this window can keep it: from the ledger, and with the person in front of it. */
export function createManagement(ports: ManagementPorts): ManagementPort {
  const { ledger, settings, log } = ports;
  let asking: Promise<unknown> = Promise.resolve();
  return {
    status: () => currentStatus(ports),
    metrics: async () => ({
      contentType: 'text/plain; version=0.0.4; charset=utf-8',
      text: await readMetrics(ports),
    }),
    usageStats: async (query) => {
      const { usage } = await currentStatus(ports);
      return readUsageStats(await ledger, usage, query);
    },
    providerStatus: async () => {
      const { at, available, providers } = await currentStatus(ports);
      return { at, available, providers };
    },
    test: async (provider, model, signal) => {
      const asked = model ?? settings.current.providers.usable.get(provider)?.models[0];
      if (asked === undefined) {
        return { ok: false, provider, model: null, message: nothingToTest(provider)(english) };
      }
      const target = { provider, model: asked };
      const { result, text } = await testCall(ports, target, { signal, tenant: defaultTenant });
      return testDocument(target, result, text(english));
    },
    confirm: (config, entry, signal) => {
      // One dialog at a time; whoever has left meanwhile is not asked for.
      const answer = asking.then(() => !signal.aborted && agrees(ports, config, entry));
      // The next one waits for this one's end, whatever became of it; that is told to who asked.
      asking = answer.catch(() => undefined);
      return answer.then((agreed) => agreed && !signal.aborted);
    },
    save: async (id, entry) => {
      await settings.putProvider(id, entry);
      log.info(`${id} was set up over the gateway, with the user's consent.`);
    },
  };
}

async function agrees(
  { settings }: ManagementPorts,
  config: ProviderConfig,
  entry: ProviderEntry,
): Promise<boolean> {
  const { id } = config;
  const replaces = Object.hasOwn(settings.entries(), id);
  const setUp = replaces ? vscode.l10n.t('Replace') : vscode.l10n.t('Set Up');
  const lines = [
    describeEndpoint(config)(vscode.l10n),
    `"${id}": ${jsonText(entry).trimEnd()}`,
    '',
    ...(replaces
      ? [vscode.l10n.t('This replaces your settings for {0}, including its limits and policy.', id)]
      : []),
    vscode.l10n.t('No API key is included.'),
  ];
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('A program with the management token wants to set up the provider {0}', id),
    { modal: true, detail: lines.join('\n') },
    setUp,
  );
  return chosen === setUp;
}
