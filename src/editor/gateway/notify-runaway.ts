import * as vscode from 'vscode';
import type { Runaway } from '../../gateway/sessions.ts';
import { toolNames } from '../../gateway/tool-names.ts';
import type { Notifier } from '../notify/notifier.ts';
import { hourAndMinute } from '../ui/display.ts';

/** Warns of a session that may run in a loop, and offers to pause it. */
export function notifyRunaway(runaway: Runaway, notifier: Notifier): void {
  const name = vscode.l10n.t(
    '{0}, since {1}',
    toolNames.get(runaway.caller) ?? runaway.caller,
    hourAndMinute(runaway.sinceMs),
  );
  const resume = {
    label: vscode.l10n.t('Resume Session'),
    run: () => {
      runaway.resume();
    },
  };
  const pause = {
    label: vscode.l10n.t('Pause Session'),
    run: () => {
      runaway.pause();
      notifier.notify({
        severity: 'info',
        text: (l10n) => l10n.t('Callguard: the session is paused ({0}). Its requests are refused.', name),
        actions: [resume],
      });
    },
  };
  notifier.notify({
    severity: 'warning',
    text: (l10n) =>
      runaway.why === 'repeats'
        ? l10n.t('Callguard: a session sends the same request again and again ({0}).', name)
        : l10n.t('Callguard: a session sends very many requests ({0}).', name),
    actions: [pause],
  });
}
