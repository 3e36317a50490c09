import * as vscode from 'vscode';
import {
  readCheck,
  readsNoFiles,
  shellCheck,
  startsElsewhere,
  type TerminalCheck,
} from '../../gateway/tokens/terminal-check.ts';
import { secretVariables } from '../../providers/config/key-variables.ts';
import type { Clock } from '../../shared/clock.ts';
import { messageText } from '../../shared/escape.ts';
import { gatewayLimits, shownLimits } from '../../shared/limits.ts';
import { assertNever } from '../../shared/result.ts';
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
export function checkTerminal(
  terminal: vscode.Terminal,
  providers: readonly string[],
  { log, clock }: { readonly log: Log; readonly clock: Clock },
): void {
  const { shell } = vscode.env;
  if (readsNoFiles(shell)) return;
  const command = shellCheck(shell)?.command;
  const failed = (error: unknown) => {
    log.error('The variables of the guarded terminal could not be checked.', error);
  };
  const giveUp = () => {
    subscription.dispose();
    log.info(
      'The variables of the guarded terminal are not checked: VS Code cannot run a command in its shell.',
    );
    report({ kind: 'unchecked' }, terminal).catch(failed);
  };
  const subscription = vscode.Disposable.from(
    clock.after(command === undefined ? 0 : gatewayLimits.shellIntegrationMs, giveUp),
    vscode.window.onDidChangeTerminalShellIntegration((event) => {
      if (event.terminal !== terminal || command === undefined) return;
      subscription.dispose();
      check(event.shellIntegration, command, providers)
        .then((found) => report(found, terminal))
        .catch(failed);
    }),
    vscode.window.onDidCloseTerminal((closed) => {
      if (closed === terminal) subscription.dispose();
    }),
  );
}

async function check(
  integration: vscode.TerminalShellIntegration,
  command: string,
  providers: readonly string[],
): Promise<TerminalCheck> {
  let output = '';
  for await (const data of integration.executeCommand(command).read()) {
    output = (output + data).slice(0, shownLimits.terminalChars);
  }
  return readCheck(output, (names) => secretVariables(providers, names));
}

async function report(
  found: TerminalCheck | { readonly kind: 'unchecked' },
  terminal: vscode.Terminal,
): Promise<void> {
  if (found.kind === 'checked' && found.changed.length === 0) return;
  // With a button VS Code shows the whole message at once.
  const close = vscode.l10n.t('Close Terminal');
  const { showInformationMessage, showWarningMessage } = vscode.window;
  const show = found.kind === 'unchecked' ? showInformationMessage : showWarningMessage;
  if ((await show(describe(found), close)) === close) terminal.dispose();
}

function describe(found: TerminalCheck | { readonly kind: 'unchecked' }): string {
  switch (found.kind) {
    case 'checked':
      return vscode.l10n.t(
        'The start-up files of your shell set {0}. Tools in the guarded terminal would use these values instead of the gateway. Unset them in this terminal, or remove them from the files.',
        found.changed.join(', '),
      );
    case 'lost':
      return vscode.l10n.t(
        "The shell of the guarded terminal did not get Callguard's variables, so tools in it do not use the gateway. Your start-up files may start another program, such as tmux, that has its own variables.",
      );
    case 'unchecked':
      return vscode.l10n.t(
        "Callguard cannot check the variables of this guarded terminal, because its shell has no VS Code shell integration. If the shell's start-up files set keys or addresses of LLM providers, tools use those instead of the gateway.",
      );
    default:
      return assertNever(found);
  }
}
