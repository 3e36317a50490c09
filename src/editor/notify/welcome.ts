import * as vscode from 'vscode';
import type { EditorSettings } from '../editor-settings.ts';
import type { Notice, Notifier } from './notifier.ts';
import { commandAction, showNotice } from './show-notice.ts';

const welcomedKey = 'callguard.welcomed';

/** Shows a new user, once, where to begin. Nothing is set up or started unless they choose it. */
export async function welcomeOnce(
  memory: vscode.Memento,
  settings: EditorSettings,
  notifier: Notifier,
): Promise<void> {
  if (memory.get<boolean>(welcomedKey) === true || Object.keys(settings.entries()).length > 0) return;
  await memory.update(welcomedKey, true);
  notifier.notify(waysToBegin());
}

/** Offers the two ways to begin, at once. */
export async function welcome(): Promise<void> {
  const chosen = await showNotice(waysToBegin());
  await chosen?.run();
}

function waysToBegin(): Notice {
  return {
    severity: 'info',
    text: (l10n) =>
      l10n.t(
        'Callguard protects your LLM calls with sealed keys, caps, and a circuit breaker. Connect a provider, or try the sandbox, which needs no key and no network.',
      ),
    actions: [
      commandAction(vscode.l10n.t('Try the Sandbox'), 'callguard.trySandbox'),
      commandAction(vscode.l10n.t('Connect a Provider'), 'callguard.configureProvider'),
    ],
  };
}
