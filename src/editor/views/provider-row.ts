import * as vscode from 'vscode';

/** A row of the tree that stands for a provider, so that a command called on it knows which. */
export class ProviderRow extends vscode.TreeItem {
  readonly provider: string;

  constructor(provider: string, label: string) {
    super(label, vscode.TreeItemCollapsibleState.Collapsed);
    this.provider = provider;
    // Keeps expansion and selection when the rows are made anew.
    this.id = `provider:${provider}`;
  }
}

/** A line below a provider. */
export class DetailRow extends vscode.TreeItem {
  constructor(id: string, label: string, description: string, icon: string, color?: string) {
    super(label, vscode.TreeItemCollapsibleState.None);
    this.id = id;
    this.description = description;
    this.iconPath = new vscode.ThemeIcon(
      icon,
      color === undefined ? undefined : new vscode.ThemeColor(color),
    );
    this.tooltip = `${label}: ${description}`;
  }
}

/** The line of a provider's key. Its context value is the command that is offered on it. */
export class KeyRow extends DetailRow {
  readonly provider: string;

  constructor(provider: string, label: string, words: string, action: string) {
    super(`${provider}:key`, label, words, 'key');
    this.provider = provider;
    this.contextValue = action;
  }
}
