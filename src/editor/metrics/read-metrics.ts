import { readStatusDocument } from '../../observe/status-document.ts';
import type { MetricsSnapshot } from '../../observe/metrics.ts';
import type { LedgerStore } from '../../ledger/ledger-store.ts';
import { readKeyStates, type KeyStatePorts } from '../keys/read-key-states.ts';

export interface MetricsPorts extends KeyStatePorts {
  /** Rejects where the ledger cannot be opened. */
  readonly ledger: Promise<LedgerStore>;
}

/** What metrics and exports are made from. Rejects where the ledger cannot be opened. */
export async function readSnapshot(ports: MetricsPorts): Promise<MetricsSnapshot> {
  const store = await ports.ledger;
  const keys = await readKeyStates(ports);
  return {
    status: readStatusDocument(store, ports.settings.current, keys),
    counters: store.counters.all(),
  };
}

/** The metrics in Prometheus' text format; loads the library for it on first use. */
export async function readMetrics(ports: MetricsPorts): Promise<string> {
  const { metricsText } = await import('../../observe/metrics.ts');
  return metricsText(await readSnapshot(ports));
}
