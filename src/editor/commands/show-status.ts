import * as vscode from 'vscode';
import { jsonText } from '../../shared/escape.ts';
import type { Command } from '../command.ts';
import { currentStatus } from '../read-status.ts';

/** The status as other programs get it, as a document. */
export const showStatus: Command = {
  run: async (context) => {
    const content = jsonText(await currentStatus(context));
    const document = await vscode.workspace.openTextDocument({ language: 'json', content });
    await vscode.window.showTextDocument(document, { preview: true });
  },
};
