import type { Opened } from '../../ledger/ledger-opening.ts';
import type { LedgerStore } from '../../ledger/ledger-store.ts';
import type { MetricsSnapshot } from './metrics.ts';
import { readKeyStates, type KeyStatePorts } from '../read-key-states.ts';
import { readStatusDocument, type StatusSettings } from '../status-document.ts';

export interface MetricsPorts extends KeyStatePorts {
  readonly settings: { readonly current: StatusSettings };
  /** Rejects where the ledger cannot be opened. */
  readonly ledger: Opened<LedgerStore>;
}

/** The source of metrics and exports. Rejects where the ledger cannot be opened. */
export async function readSnapshot(ports: MetricsPorts): Promise<MetricsSnapshot> {
  const store = await ports.ledger;
  const keys = await readKeyStates(ports);
  return {
    status: readStatusDocument(store, ports.settings.current, keys),
    counters: store.counters.all(),
  };
}

/** The metrics in Prometheus' text format. Loads the library for it on first use. */
export async function readMetrics(ports: MetricsPorts): Promise<string> {
  const { metricsText } = await import('./metrics.ts');
  return metricsText(await readSnapshot(ports));
}
