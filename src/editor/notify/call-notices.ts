import * as vscode from 'vscode';
import type { CallResult } from '../../guard/call-state.ts';
import { NotifyOnce, troubleOf } from '../../observe/call-trouble.ts';
import type { Disposable } from '../../shared/disposable.ts';
import { english } from '../../shared/l10n.ts';
import { actionAfter } from './call-actions.ts';
import type { Vault } from '../../vault/vault.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Log } from '../../shared/log.ts';
import type { EditorSettings } from '../editor-settings.ts';
import { describeResult } from '../../guard/describe-result.ts';

interface NoticePorts {
  readonly vault: Vault;
  readonly settings: EditorSettings;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Tells a person what keeps calls from being answered, where the front door itself has no button to show: other
 * extensions, and what calls from outside. Each trouble is told once.
 */
export class CallNotices implements Disposable {
  readonly #ports: NoticePorts;
  readonly #notified: NotifyOnce;
  readonly #subscription: Disposable;

  constructor(ports: NoticePorts) {
    this.#ports = ports;
    this.#notified = new NotifyOnce(ports.clock);
    this.#subscription = ports.vault.onDidChangeKeys((provider) => {
      this.#notified.keyChanged(provider);
    });
  }

  /** To be told of every result; most are nothing to it. Does not keep the caller waiting. */
  report(result: CallResult): void {
    this.#notify(result).catch((error: unknown) => {
      this.#ports.log.error('The notification about an unanswered call could not be shown.', error);
    });
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  async #notify(result: CallResult): Promise<void> {
    if (result.kind === 'done') this.#notified.answered(result.target.provider);
    const trouble = troubleOf(result);
    const problem = describeResult(result, this.#ports.clock.nowMs());
    if (trouble === undefined || problem === undefined) return;
    const action = await actionAfter(this.#ports, result);
    // Then it was not the provider's key that was refused, but a header's secret.
    if (trouble.kind === 'key' && action === undefined) return;
    if (!this.#notified.isNews(trouble)) return;
    this.#ports.log.warn(`Notified the user: ${problem(english)}`);
    const buttons = action === undefined ? [] : [action.label];
    const chosen = await vscode.window.showErrorMessage(problem(vscode.l10n), ...buttons);
    if (action !== undefined && chosen === action.label)
      await vscode.commands.executeCommand(action.command, action.provider);
  }
}
