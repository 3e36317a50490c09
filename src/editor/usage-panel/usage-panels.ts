import * as vscode from 'vscode';
import type { Disposable } from '../../shared/disposable.ts';
import type { UsagePanelOptions } from './options.ts';

/** package.json has this name in an activation event. */
const viewType = 'callguard.usage';

export const panelApi = ['window.registerWebviewPanelSerializer'] as const;

/** The one usage panel of the window. Its code is loaded when the panel is first shown. */
export class UsagePanels {
  readonly #options: UsagePanelOptions;
  #panel: vscode.WebviewPanel | undefined;

  constructor(options: UsagePanelOptions) {
    this.#options = options;
  }

  /** Fills the panel that VS Code brings back after a restart. */
  restore(): Disposable {
    return vscode.window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: (panel, state) => this.#fill(panel, state),
    });
  }

  /** Opens the panel, or shows the one that is open. */
  async show(): Promise<void> {
    if (this.#panel !== undefined) {
      this.#panel.reveal();
      return;
    }
    const title = vscode.l10n.t('Callguard Usage');
    await this.#fill(vscode.window.createWebviewPanel(viewType, title, vscode.ViewColumn.Active));
  }

  async #fill(panel: vscode.WebviewPanel, state?: unknown): Promise<void> {
    this.#panel = panel;
    panel.onDidDispose(() => {
      if (this.#panel === panel) this.#panel = undefined;
    });
    const { fillPanel } = await import('./usage-panel.ts');
    fillPanel(panel, this.#options, state);
  }
}
