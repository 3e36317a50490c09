import * as vscode from 'vscode';
import type { EditorSettings } from '../editor-settings.ts';

const welcomedKey = 'callguard.welcomed';

/** Tells a new user, once, where to begin. Nothing is set up, and nothing started, unless the person chooses it. */
export async function welcomeOnce(memory: vscode.Memento, settings: EditorSettings): Promise<void> {
  if (memory.get<boolean>(welcomedKey) === true || Object.keys(settings.entries()).length > 0) return;
  await memory.update(welcomedKey, true);
  await welcome();
}

/** Offers the two ways to begin. */
export async function welcome(): Promise<void> {
  const sandbox = vscode.l10n.t('Try the Sandbox');
  const connect = vscode.l10n.t('Connect a Provider');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t(
      'Callguard protects your LLM calls with sealed keys, caps, and a circuit breaker. Connect a provider, or try the sandbox, which needs no key and no network.',
    ),
    sandbox,
    connect,
  );
  if (chosen === sandbox) await vscode.commands.executeCommand('callguard.trySandbox');
  if (chosen === connect) await vscode.commands.executeCommand('callguard.configureProvider');
}
