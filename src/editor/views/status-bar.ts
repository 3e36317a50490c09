import * as vscode from 'vscode';
import type { UsageTotals } from '../../ledger/readers.ts';
import { health, type Health } from '../../observe/status.ts';
import { knownCost, shortCount, type StatusItem } from '../../observe/status-line.ts';
import type { Disposable } from '../../shared/disposable.ts';
import { formatNumber } from '../../shared/l10n.ts';
import { display } from '../ui/display.ts';
import type { Overview, Seen } from '../overview.ts';
import type { EditorSettings } from '../editor-settings.ts';
import { callsToday } from './format.ts';
import type { statusTooltip as StatusTooltipOf } from './status-tooltip.ts';

type StatusTooltip = typeof StatusTooltipOf;

const icons: Readonly<Record<Health['kind'], string>> = {
  healthy: 'shield',
  empty: 'shield',
  warning: 'warning',
  error: 'error',
};

/** What the item and its tooltip need of VS Code's API. */
export const statusBarApi = [
  'MarkdownString',
  'StatusBarAlignment',
  'ThemeColor',
  'window.createStatusBarItem',
] as const;

/** One item on the left: plain while all is well, else the worst state. */
export class StatusBar implements Disposable {
  readonly #item: vscode.StatusBarItem;
  readonly #settings: EditorSettings;
  readonly #subscription: Disposable;
  /** What the latest tooltip is made of. No activation waits for its words. */
  #tooltip: Parameters<StatusTooltip> = [undefined, undefined, undefined];

  constructor(overview: Overview, settings: EditorSettings) {
    this.#settings = settings;
    this.#item = vscode.window.createStatusBarItem('callguard.status', vscode.StatusBarAlignment.Left, 0);
    this.#item.name = 'Callguard';
    this.#item.command = 'callguard.providers.focus';
    this.#show(overview.seen);
    this.#item.show();
    this.#subscription = overview.onDidChange((seen) => {
      this.#show(seen);
    });
  }

  #show({ status, problem, gateway }: Seen): void {
    const items = this.#settings.current.statusItems;
    const state =
      problem === undefined
        ? health(status, vscode.l10n)
        : { kind: 'error' as const, reason: problem(vscode.l10n) };
    const shown = items.includes('health') ? state : { kind: 'healthy' as const };
    const counts = status === undefined || state.kind === 'empty' ? [] : countsOf(status.today, items);
    this.#item.text = [`$(${icons[shown.kind]}) Callguard`, counts.join(' · ')].join(' ').trimEnd();
    this.#tooltip = [status, state.reason, gateway];
    void this.#showTooltip();
    const label = state.reason ?? (status === undefined ? undefined : callsToday(status.today.requests));
    this.#item.accessibilityInformation = {
      label: ['Callguard', ...(label === undefined ? [] : [label])].join(': '),
      role: 'button',
    };
    this.#item.backgroundColor =
      shown.kind === 'error' || shown.kind === 'warning'
        ? new vscode.ThemeColor(`statusBarItem.${shown.kind}Background`)
        : undefined;
  }

  async #showTooltip(): Promise<void> {
    const { statusTooltip } = await import('./status-tooltip.ts');
    this.#item.tooltip = statusTooltip(...this.#tooltip);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#item.dispose();
  }
}

function countsOf(today: UsageTotals, items: readonly StatusItem[]): string[] {
  return items.flatMap((item) => {
    switch (item) {
      case 'health':
        return [];
      case 'requests':
        return [formatNumber(today.requests, display)];
      case 'tokens':
        return [vscode.l10n.t('{0} tokens', shortCount(today.inputTokens + today.outputTokens, display))];
      case 'cost':
        return [knownCost(today, display) ?? vscode.l10n.t('cost unknown')];
    }
  });
}
