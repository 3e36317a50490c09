import * as vscode from 'vscode';
import { shownText } from '../../shared/escape.ts';

export const errorColor = 'list.errorForeground';
export const warningColor = 'list.warningForeground';
export const okColor = 'testing.iconPassed';

/** A row of the tree that stands for a provider. A command that is called on it reads the provider's id from it. */
export class ProviderRow extends vscode.TreeItem {
  readonly provider: string;

  constructor(provider: string, label: string) {
    super(shownText(label), vscode.TreeItemCollapsibleState.Collapsed);
    this.provider = provider;
    // Keeps expansion and selection when the rows are created again.
    this.id = `provider:${provider}`;
  }
}

/** A line below a provider. */
export class DetailRow extends vscode.TreeItem {
  constructor(id: string, label: string, description: string, icon: string, color?: string) {
    super(shownText(label), vscode.TreeItemCollapsibleState.None);
    this.id = id;
    this.description = shownText(description);
    this.iconPath = new vscode.ThemeIcon(
      icon,
      color === undefined ? undefined : new vscode.ThemeColor(color),
    );
    this.tooltip = description === '' ? shownText(label) : shownText(`${label}: ${description}`);
  }
}

/** A row that has children. */
export class GroupRow extends vscode.TreeItem {
  readonly rows: () => readonly (GroupRow | DetailRow)[];

  constructor(
    id: string,
    label: string,
    icon: string,
    description: string,
    rows: () => readonly (GroupRow | DetailRow)[],
  ) {
    super(shownText(label), vscode.TreeItemCollapsibleState.Collapsed);
    this.id = id;
    this.description = shownText(description);
    this.iconPath = new vscode.ThemeIcon(icon);
    this.tooltip = shownText(description === '' ? label : `${label}: ${description}`);
    this.rows = rows;
  }
}

/** The row of a provider's key. Its context value is the command to offer on it. */
export class KeyRow extends DetailRow {
  readonly provider: string;

  constructor(provider: string, label: string, words: string, action: string, color?: string) {
    super(`${provider}:key`, label, words, 'key', color);
    this.provider = provider;
    this.contextValue = action;
  }
}
