import type { LedgerStore } from '../../ledger/ledger-store.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Disposable } from '../../shared/disposable.ts';
import type { Event } from '../../shared/emitter.ts';
import type { KeyStatePorts } from '../read-key-states.ts';
import { readMetrics } from './read-metrics.ts';
import type { StatusSettings } from '../status-document.ts';
import { Textfile } from './textfile.ts';

export interface KeepTextfilePorts extends KeyStatePorts {
  readonly settings: {
    readonly current: StatusSettings & { readonly metricsTextfile: string | undefined };
    readonly onDidChange: Event<undefined>;
  };
  readonly clock: Clock;
  /** Called once for each lasting problem. */
  readonly onTrouble: (file: string, error: unknown) => void;
}

/** Keeps the file of `callguard.metrics.textfile` up to date. */
export function keepTextfile(store: LedgerStore, ports: KeepTextfilePorts): Disposable {
  const { settings, clock, onTrouble } = ports;
  const metricsPorts = { ...ports, ledger: Promise.resolve(store) };
  const textfile = new Textfile({
    store,
    clock,
    file: () => settings.current.metricsTextfile,
    text: () => readMetrics(metricsPorts),
    onTrouble,
  });
  let file = settings.current.metricsTextfile;
  void textfile.refresh();
  const subscription = settings.onDidChange(() => {
    if (settings.current.metricsTextfile === file) return;
    file = settings.current.metricsTextfile;
    void textfile.refresh();
  });
  return {
    dispose: () => {
      subscription.dispose();
      textfile.dispose();
    },
  };
}
