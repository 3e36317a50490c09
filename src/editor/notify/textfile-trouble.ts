import * as vscode from 'vscode';
import type { Disposable } from '../../shared/disposable.ts';
import type { Event } from '../../shared/emitter.ts';
import type { EditorLog } from '../editor-log.ts';
import type { Notifier } from './notifier.ts';
import { commandAction, showLogAction } from './show-notice.ts';

interface TroublePorts {
  readonly notifier: Notifier;
  readonly log: EditorLog;
}

/** Shows that a metrics file could not be written. */
export function notifyTextfileTroubles(
  onTrouble: Event<string>,
  { notifier, log }: TroublePorts,
): Disposable {
  return onTrouble((file) => {
    const openSetting = vscode.l10n.t('Open Setting');
    notifier.notify({
      severity: 'error',
      text: (l10n) =>
        l10n.t(
          'Callguard: the metrics could not be written to {0}. Check that the folder exists and that you can write to it.',
          file,
        ),
      actions: [
        commandAction(openSetting, 'workbench.action.openSettings', 'callguard.metrics.textfile'),
        showLogAction(log),
      ],
    });
  });
}
