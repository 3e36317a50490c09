import * as vscode from 'vscode';
import {
  describeSecrets,
  type PromptSecret,
  type PromptSecretChoice,
} from '../../providers/prompt-check/prompt-check.ts';

/** Shows which kind of secret is in the prompt, and where, and lets the user decide. Esc sends nothing. */
export async function askAboutSecrets(found: readonly PromptSecret[]): Promise<PromptSecretChoice> {
  const redacted = vscode.l10n.t('Send Redacted');
  const anyway = vscode.l10n.t('Send Anyway');
  const refuse = { title: vscode.l10n.t('Do Not Send'), isCloseAffordance: true };
  const described = describeSecrets(found, vscode.l10n);
  const chosen = await vscode.window.showWarningMessage(
    found.length === 1
      ? vscode.l10n.t('The prompt contains a secret: {0}', described)
      : vscode.l10n.t('The prompt contains {0} secrets: {1}', found.length, described),
    {
      modal: true,
      detail: vscode.l10n.t(
        'Send Redacted replaces each secret with *** before the prompt leaves this machine. If you send the prompt, redacted or not, Callguard remembers your choice for these secrets until you close the window.',
      ),
    },
    { title: redacted, isCloseAffordance: false },
    { title: anyway, isCloseAffordance: false },
    refuse,
  );
  if (chosen?.title === redacted) return 'redact';
  return chosen?.title === anyway ? 'send' : 'refuse';
}
