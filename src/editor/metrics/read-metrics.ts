import { readStatusDocument } from '../../observe/status-document.ts';
import type { MetricsSnapshot } from '../../observe/metrics.ts';
import type { CommandContext } from '../command.ts';
import { readKeyStates } from '../keys/read-key-states.ts';

type Source = Pick<CommandContext, 'ledger' | 'settings' | 'vault'>;

/** What metrics and exports are made from. Rejects where the ledger cannot be opened. */
export async function readSnapshot(source: Source): Promise<MetricsSnapshot> {
  const store = await source.ledger;
  const keys = await readKeyStates(source);
  return {
    status: readStatusDocument(store, source.settings.current, keys),
    counters: store.counters.all(),
  };
}

/** The metrics in Prometheus' text format; loads the library for it on first use. */
export async function readMetrics(source: Source): Promise<string> {
  const { metricsText } = await import('../../observe/metrics.ts');
  return metricsText(await readSnapshot(source));
}
