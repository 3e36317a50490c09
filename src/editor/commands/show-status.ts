import * as vscode from 'vscode';
import type { StatusDocument } from '../../observe/contract.ts';
import { jsonText } from '../../observe/escape.ts';
import { readStatusDocument, statusWithoutLedger } from '../../observe/status-document.ts';
import type { Command, CommandContext } from '../command.ts';
import { readKeyStates } from '../key-states.ts';

/** The status as other programs get it, as a document. */
export const showStatus: Command = {
  run: async (context) => {
    const content = jsonText(await readStatus(context));
    const document = await vscode.workspace.openTextDocument({ language: 'json', content });
    await vscode.window.showTextDocument(document, { preview: true });
  },
};

async function readStatus(context: CommandContext): Promise<StatusDocument> {
  const { ledger, settings, clock } = context;
  const store = await ledger.catch((error: unknown) =>
    error instanceof Error ? error : new Error(String(error)),
  );
  return store instanceof Error
    ? statusWithoutLedger(settings.current, store.message, clock.nowMs())
    : readStatusDocument(store, settings.current, await readKeyStates(context));
}
