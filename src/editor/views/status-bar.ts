import * as vscode from 'vscode';
import type { Disposable } from '../../shared/disposable.ts';
import { health, type Health } from '../../observe/status.ts';
import { callsToday } from './format.ts';
import type { Overview, Seen } from '../overview.ts';

const icons: Readonly<Record<Health['kind'], string>> = {
  healthy: 'shield',
  empty: 'shield',
  warning: 'warning',
  error: 'error',
};

/** One item on the left: plain when all is well, and the worst state when it is not. */
export class StatusBar implements Disposable {
  readonly #item: vscode.StatusBarItem;
  readonly #subscription: Disposable;

  constructor(overview: Overview) {
    this.#item = vscode.window.createStatusBarItem('callguard.status', vscode.StatusBarAlignment.Left, 0);
    this.#item.name = 'Callguard';
    this.#item.command = 'callguard.providers.focus';
    this.#show(overview.seen);
    this.#item.show();
    this.#subscription = overview.onDidChange((seen) => {
      this.#show(seen);
    });
  }

  #show({ status, problem }: Seen): void {
    const state = problem === undefined ? health(status) : { kind: 'error' as const, reason: problem };
    const requests = status?.today.requests ?? 0;
    const counted = callsToday(requests);
    const reason = state.reason ?? counted;
    this.#item.text = `$(${icons[state.kind]}) ${state.kind === 'empty' ? 'Callguard' : `Callguard ${requests}`}`;
    this.#item.tooltip =
      state.reason === undefined ? `Callguard: ${counted}` : `Callguard: ${state.reason}\n${counted}`;
    this.#item.accessibilityInformation = { label: `Callguard: ${reason}`, role: 'button' };
    this.#item.backgroundColor =
      state.kind === 'error' || state.kind === 'warning'
        ? new vscode.ThemeColor(`statusBarItem.${state.kind}Background`)
        : undefined;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#item.dispose();
  }
}
