import { currentStatus, type StatusPorts } from '../../observe/read-status.ts';
import { readMetrics } from '../../observe/metrics/read-metrics.ts';
import { nothingToTest, testCall, type TestPorts } from '../../observe/test-call.ts';
import { testDocument } from '../../observe/test-document.ts';
import { readUsageStats } from '../../observe/usage-stats.ts';
import type { KnownFacts } from '../../providers/pricing/model-facts.ts';
import { modelToTry } from '../../providers/rules/offered-models.ts';
import { defaultTenant } from '../../providers/rules/tenants.ts';
import { english } from '../../shared/l10n.ts';
import type { ConfigurePort, ManagementPort } from '../gateway-ports.ts';

export interface ManagementPorts extends StatusPorts, TestPorts {
  readonly settings: StatusPorts['settings'] & TestPorts['settings'];
  readonly facts: Pick<KnownFacts, 'lookup'>;
  readonly configure: ConfigurePort | undefined;
}

/** Reads the answers of the management routes from the ledger, the settings and the vault. */
export function createManagement(ports: ManagementPorts): ManagementPort {
  const { ledger, settings, facts, configure } = ports;
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
      const asked = model ?? modelToTry(settings.current.providers.usable.get(provider), facts.lookup);
      if (asked === undefined) {
        return { ok: false, provider, model: null, message: nothingToTest(provider)(english) };
      }
      const target = { provider, model: asked };
      const of = { tenant: defaultTenant, source: 'gateway' } as const;
      const { result, text } = await testCall(ports, target, { signal, of });
      return testDocument(target, result, text(english));
    },
    configure,
  };
}
