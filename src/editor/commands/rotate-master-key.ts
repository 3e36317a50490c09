import * as vscode from 'vscode';
import type { Result } from '../../shared/result.ts';
import { english } from '../../shared/l10n.ts';
import { describeKeyState, describeVaultRefusal } from '../../vault/vault-refusal.ts';
import { describeRotationRefusal } from '../../vault/describe-vault-refusal.ts';
import type { RotationRefusal, RotationReport } from '../../vault/rotation.ts';
import type { Command, CommandContext } from '../command.ts';

/** Seals every key under a new master key. Cancelled or cut short, every key still opens. */
export const rotateMasterKey: Command = {
  run: async (context) => {
    const rotated = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: vscode.l10n.t('Rotating the master key'),
        cancellable: true,
      },
      (progress, token) => rotate(context, progress, token),
    );
    await notify(context, rotated);
  },
};

async function rotate(
  context: CommandContext,
  progress: vscode.Progress<{ message: string; increment: number }>,
  token: vscode.CancellationToken,
): Promise<Result<RotationReport, RotationRefusal>> {
  const abort = new AbortController();
  const stop = token.onCancellationRequested(() => {
    abort.abort();
  });
  try {
    return await context.vault.rotate({
      signal: abort.signal,
      progress: (done, total) => {
        progress.report({ message: vscode.l10n.t('{0} of {1} keys', done, total), increment: 100 / total });
      },
    });
  } finally {
    stop.dispose();
  }
}

async function notify(
  context: CommandContext,
  rotated: Result<RotationReport, RotationRefusal>,
): Promise<void> {
  if (!rotated.ok) {
    context.log.error(`The master key was not rotated. ${describeRotationRefusal(rotated.error, english)}`);
    const message = describeRotationRefusal(rotated.error, vscode.l10n);
    await vscode.window.showErrorMessage(vscode.l10n.t('The master key was not rotated. {0}', message));
    return;
  }
  const { sealed, kept, cancelled, elsewhere, kid } = rotated.value;
  context.log.info(
    `Rotation to master key ${kid}: ${sealed.length} keys resealed, ${kept.length} left unchanged${cancelled ? ', cancelled' : ''}.`,
  );
  for (const { provider, refusal } of kept)
    context.log.warn(`${provider}: ${describeVaultRefusal(refusal, english).message}`);
  if (kept.length > 0) {
    const names = kept
      .map(({ provider, refusal }) => `${provider} (${describeKeyState(refusal, vscode.l10n)})`)
      .join(', ');
    const showLog = vscode.l10n.t('Show Log');
    const chosen = await vscode.window.showWarningMessage(
      vscode.l10n.t('These keys could not be opened and were left unchanged: {0}.', names),
      showLog,
    );
    if (chosen === showLog) context.log.show();
  } else if (cancelled) {
    await vscode.window.showInformationMessage(
      vscode.l10n.t(
        'Rotation was stopped. All keys still work. The remaining keys will be resealed at the next start.',
      ),
    );
  } else if (elsewhere) {
    await vscode.window.showInformationMessage(
      vscode.l10n.t('Another window has just rotated the master key.'),
    );
  } else {
    await vscode.window.showInformationMessage(
      sealed.length === 1
        ? vscode.l10n.t('The master key was rotated, and 1 key was resealed.')
        : vscode.l10n.t('The master key was rotated, and {0} keys were resealed.', sealed.length),
    );
  }
}
