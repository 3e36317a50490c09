import * as vscode from 'vscode';
import type { Disposable } from '../shared/disposable.ts';
import type { CommandEntry, CommandPorts } from './commands/command-table.ts';
import { describeError } from './notify/describe-error.ts';

/** Registers every command. One that throws is told once, with the way to the log, and never fails in silence. */
export function registerCommands(commands: readonly CommandEntry[], ports: CommandPorts): Disposable {
  return vscode.Disposable.from(
    ...commands.map(({ id, load }) =>
      vscode.commands.registerCommand(id, async (argument?: unknown) => {
        try {
          const command = await load();
          await command(ports, argument);
        } catch (error) {
          ports.log.error(`${id} failed.`, error);
          const showLog = vscode.l10n.t('Show Log');
          const chosen = await vscode.window.showErrorMessage(
            vscode.l10n.t('Callguard: {0}', describeError(error, ports.log)(vscode.l10n)),
            showLog,
          );
          if (chosen === showLog) ports.log.show();
        }
      }),
    ),
  );
}
