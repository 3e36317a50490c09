import * as vscode from 'vscode';
import type { Disposable } from '../shared/disposable.ts';
import type { Command, CommandContext } from './command.ts';

/** Registers every command. One that throws is told once, with the way to the log, and never fails in silence. */
export function registerCommands(commands: readonly Command[], context: CommandContext): Disposable {
  return vscode.Disposable.from(
    ...commands.map((command) =>
      vscode.commands.registerCommand(command.id, async (argument?: unknown) => {
        try {
          await command.run(context, argument);
        } catch (error) {
          context.log.error(`${command.id} failed.`, error);
          const showLog = vscode.l10n.t('Show Log');
          const reason = context.log.clean(error instanceof Error ? error.message : String(error));
          const chosen = await vscode.window.showErrorMessage(
            vscode.l10n.t('Callguard: {0}', reason),
            showLog,
          );
          if (chosen === showLog) context.log.show();
        }
      }),
    ),
  );
}
