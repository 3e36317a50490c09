import * as vscode from 'vscode';

/**
 * VS Code's `http.proxyStrictSSL`: false takes any certificate, as VS Code's own requests then do. In the extension
 * host VS Code does not see to it. Read from the user's own settings only: a workspace must not weaken what protects
 * a key.
 */
export function strictTls(): boolean {
  return vscode.workspace.getConfiguration('http').inspect('proxyStrictSSL')?.globalValue !== false;
}
