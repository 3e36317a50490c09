import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { pageHtml } from '../../panel/page-html.ts';
import { DisposableStore } from '../../shared/disposable.ts';
import { showAuditRows } from '../ui/audit-document.ts';
import type { UsagePanelOptions } from './options.ts';
import { PageHost } from './page-host.ts';

/** Puts the page into the panel and serves it until it is closed. `state` is what VS Code kept of an earlier page. */
export function fillPanel(panel: vscode.WebviewPanel, options: UsagePanelOptions, state: unknown): void {
  const { extensionUri, log } = options;
  const icon = (theme: string) => vscode.Uri.joinPath(extensionUri, 'media', `usage-${theme}.svg`);
  panel.iconPath = { light: icon('light'), dark: icon('dark') };
  loadPage(panel, extensionUri);
  const owned = new DisposableStore();
  const host = owned.add(
    new PageHost({
      ...options,
      state,
      script: vscode.Uri.joinPath(extensionUri, 'dist', 'usage-report.cjs').fsPath,
      showCalls: showAuditRows,
      runCommand: async (id) => {
        await vscode.commands.executeCommand(id);
      },
      post: (message) => {
        panel.webview.postMessage(message).then(undefined, (error: unknown) => {
          log.error('The usage panel could not be updated.', error);
        });
      },
    }),
  );
  owned.add(
    panel.webview.onDidReceiveMessage((message: unknown) => {
      host.receive(message).catch((error: unknown) => {
        log.error('A request of the usage panel failed.', error);
      });
    }),
  );
  owned.add(
    panel.onDidChangeViewState(() => {
      // VS Code discards a hidden page. When the panel is shown again, a new page asks again.
      if (!panel.visible) host.pause();
    }),
  );
  panel.onDidDispose(() => {
    owned.dispose();
  });
}

/** The page may load only files from its own folder. */
function loadPage({ webview, title }: vscode.WebviewPanel, extensionUri: vscode.Uri): void {
  const folder = vscode.Uri.joinPath(extensionUri, 'dist', 'panel');
  const addressOf = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(folder, name)).toString();
  webview.options = { enableScripts: true, localResourceRoots: [folder] };
  webview.html = pageHtml({
    language: vscode.env.language,
    title,
    script: addressOf('panel.js'),
    style: addressOf('panel.css'),
    source: webview.cspSource,
    nonce: randomBytes(16).toString('base64'),
    texts: vscode.l10n.bundle ?? {},
  });
}
