import * as vscode from 'vscode';
import { jsonText } from '../../shared/escape.ts';
import { currentStatus, type StatusPorts } from '../../observe/read-status.ts';

/** Shows the status that other programs read, as a document. */
export async function showStatus(ports: StatusPorts): Promise<void> {
  const content = jsonText(await currentStatus(ports));
  const document = await vscode.workspace.openTextDocument({ language: 'json', content });
  await vscode.window.showTextDocument(document, { preview: true });
}
