import * as vscode from 'vscode';
import { checkCommand, readCheck, startsElsewhere } from '../../gateway/terminal-check.ts';
import { secretVariables } from '../../providers/config/key-variables.ts';
import { messageText } from '../../shared/escape.ts';
import type { Log } from '../../shared/log.ts';

/** False after a message, if the default profile starts a shell that cannot reach the gateway. */
export async function shellIsHere(): Promise<boolean> {
  const { shell } = vscode.env;
  if (!startsElsewhere(shell)) return true;
  await vscode.window.showErrorMessage(
    vscode.l10n.t(
      "The default terminal profile starts '{0}', which runs elsewhere: in WSL, in a container, or on another machine. It would not get the token and could not reach the gateway. Choose another default profile, or open the folder there.",
      messageText(shell),
    ),
  );
  return false;
}

/** Reports what the shell's start-up files have set, once shell integration can run a command. */
export function checkTerminal(terminal: vscode.Terminal, providers: readonly string[], log: Log): void {
  const command = checkCommand(vscode.env.shell);
  if (command === undefined) {
    log.info('The variables of the guarded terminal are not checked, because its shell is not a known one.');
    return;
  }
  const removed = secretVariables(providers, []);
  const subscription = vscode.Disposable.from(
    vscode.window.onDidChangeTerminalShellIntegration((event) => {
      if (event.terminal !== terminal) return;
      subscription.dispose();
      check(event.shellIntegration, command, removed).catch((error: unknown) => {
        log.error('The variables of the guarded terminal could not be checked.', error);
      });
    }),
    vscode.window.onDidCloseTerminal((closed) => {
      if (closed === terminal) subscription.dispose();
    }),
  );
}

/** The output names a hundred variables at most. */
const mostChars = 100_000;

async function check(
  integration: vscode.TerminalShellIntegration,
  command: string,
  removed: ReadonlySet<string>,
): Promise<void> {
  let output = '';
  for await (const data of integration.executeCommand(command).read()) {
    output = (output + data).slice(0, mostChars);
  }
  const names = readCheck(output, removed);
  if (names.length === 0) return;
  await vscode.window.showWarningMessage(
    vscode.l10n.t(
      'The start-up files of your shell set {0}. Tools in the guarded terminal would use these values instead of the gateway. Unset them in this terminal, or remove them from the files.',
      names.join(', '),
    ),
  );
}
