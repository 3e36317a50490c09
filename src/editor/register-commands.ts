import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../shared/disposable.ts';
import type { CommandEntry, CommandPorts } from './commands/command-table.ts';
import { describeError } from './notify/describe-error.ts';
import { showLogAction, showNotice } from './notify/show-notice.ts';

/** Registers every command. When one throws, the user sees why and can open the log. */
export function registerCommands(commands: readonly CommandEntry[], ports: CommandPorts): Disposable {
  const owned = new DisposableStore();
  for (const { id, load } of commands) {
    owned.add(
      vscode.commands.registerCommand(id, async (argument?: unknown) => {
        try {
          const command = await load();
          await command(ports, argument);
        } catch (error) {
          ports.log.error(`${id} failed.`, error);
          const problem = describeError(error, ports.log);
          const chosen = await showNotice({
            severity: 'error',
            text: (l10n) => l10n.t('Callguard: {0}', problem(l10n)),
            actions: [showLogAction(ports.log)],
          });
          await chosen?.run();
        }
      }),
    );
  }
  return owned;
}
