import * as vscode from 'vscode';
import type { CallResult } from '../guard/call-state.ts';
import type { Disposable } from '../shared/disposable.ts';
import type { CommandContext } from './command.ts';
import { keyActionAfter } from './key-actions.ts';
import { describeResult } from './words.ts';

type Noticing = Pick<CommandContext, 'vault' | 'settings' | 'clock' | 'log'>;

/**
 * Tells a person of calls that a key kept from being answered, where the front door itself has no button to show:
 * other extensions, and what calls from outside. Once for each provider, until its key changes.
 */
export class KeyNotices implements Disposable {
  readonly #context: Noticing;
  readonly #told = new Set<string>();
  readonly #subscription: Disposable;

  constructor(context: Noticing) {
    this.#context = context;
    this.#subscription = context.vault.onDidChangeKeys((provider) => {
      this.#told.delete(provider);
    });
  }

  /** To be told of every result; most are nothing to it. Does not keep the caller waiting. */
  note(result: CallResult): void {
    this.#tell(result).catch((error: unknown) => {
      this.#context.log.error('A refused key could not be told of.', error);
    });
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  async #tell(result: CallResult): Promise<void> {
    const problem = describeResult(result, this.#context.clock.nowMs());
    if (problem === undefined) return;
    const action = await keyActionAfter(this.#context, result);
    if (action === undefined || this.#told.has(action.provider)) return;
    this.#told.add(action.provider);
    const chosen = await vscode.window.showErrorMessage(problem, action.label);
    if (chosen === action.label) await vscode.commands.executeCommand(action.command, action.provider);
  }
}
