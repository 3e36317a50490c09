import * as vscode from 'vscode';
import type { LedgerStore } from '../../ledger/ledger-store.ts';
import { Textfile } from '../../observe/textfile.ts';
import type { Disposable } from '../../shared/disposable.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Log } from '../log.ts';
import type { EditorSettings } from '../editor-settings.ts';
import type { KeyStatePorts } from '../keys/read-key-states.ts';
import { readMetrics } from './read-metrics.ts';

interface TextfilePorts extends KeyStatePorts {
  readonly settings: EditorSettings;
  readonly clock: Clock;
  readonly log: Log;
}

/** Keeps the file of `callguard.metrics.textfile`, and tells a person what keeps it from being written. */
export function keepTextfile(store: LedgerStore, ports: TextfilePorts): Disposable {
  const { settings, clock, log } = ports;
  const metricsPorts = { ...ports, ledger: Promise.resolve(store) };
  const textfile = new Textfile({
    store,
    clock,
    file: () => settings.current.metricsTextfile,
    text: () => readMetrics(metricsPorts),
    onTrouble: (file, error) => {
      log.error(`The metrics could not be written to ${file}.`, error);
      notify(file, log).catch((failure: unknown) => {
        log.error('The notification about the metrics file could not be shown.', failure);
      });
    },
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

async function notify(file: string, log: Log): Promise<void> {
  const openSetting = vscode.l10n.t('Open Setting');
  const showLog = vscode.l10n.t('Show Log');
  const chosen = await vscode.window.showErrorMessage(
    vscode.l10n.t(
      'Callguard: the metrics could not be written to {0}. Check that the folder exists and that you can write to it.',
      file,
    ),
    openSetting,
    showLog,
  );
  if (chosen === showLog) log.show();
  if (chosen === openSetting) {
    await vscode.commands.executeCommand('workbench.action.openSettings', 'callguard.metrics.textfile');
  }
}
