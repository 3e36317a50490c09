import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../shared/disposable.ts';
import type { Overview } from '../overview.ts';
import type { EditorSettings } from '../editor-settings.ts';
import type { TreeRow } from './tree-rows.ts';

/** What the tree and its rows need of VS Code's API. */
export const treeApi = [
  'EventEmitter',
  'MarkdownString',
  'ThemeColor',
  'ThemeIcon',
  'TreeItem',
  'TreeItemCollapsibleState',
  'window.registerTreeDataProvider',
] as const;

/** The tree of providers: one row each, with circuit, key, usage and caps below. Its rows are loaded once it is shown. */
export class ProviderTree implements vscode.TreeDataProvider<TreeRow>, Disposable {
  readonly #overview: Overview;
  readonly #settings: EditorSettings;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #owned = new DisposableStore();

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(overview: Overview, settings: EditorSettings) {
    this.#overview = overview;
    this.#settings = settings;
    this.#owned.add(this.#changed);
    this.#owned.add(vscode.window.registerTreeDataProvider('callguard.providers', this));
    this.#owned.add(
      overview.onDidChange(() => {
        this.#changed.fire(undefined);
      }),
    );
  }

  getTreeItem(row: TreeRow): vscode.TreeItem {
    return row;
  }

  async getChildren(row?: TreeRow): Promise<TreeRow[]> {
    const { childrenOf, topRows } = await import('./tree-rows.ts');
    const [seen, settings] = [this.#overview.seen, this.#settings.current];
    return row === undefined ? topRows(seen, settings) : childrenOf(row, seen, settings);
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
