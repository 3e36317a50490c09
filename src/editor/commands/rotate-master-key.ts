import * as vscode from 'vscode';
import type { Result } from '../../shared/result.ts';
import { english } from '../../shared/l10n.ts';
import type { Vault } from '../../vault/vault.ts';
import { describeKeyState, describeVaultRefusal } from '../../vault/vault-refusal.ts';
import { describeRotationRefusal } from '../../vault/describe-vault-refusal.ts';
import type { RotationRefusal, RotationReport } from '../../vault/rotation.ts';
import type { EditorLog } from '../editor-log.ts';

interface RotatePorts {
  readonly vault: Vault;
  readonly log: EditorLog;
}

/** Seals every key under a new master key. If this is cancelled or interrupted, every key still opens. */
export async function rotateMasterKey({ vault, log }: RotatePorts): Promise<void> {
  const rotated = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Rotating the master key'),
      cancellable: true,
    },
    (progress, token) => rotate(vault, progress, token),
  );
  await notify(log, rotated);
}

async function rotate(
  vault: Vault,
  progress: vscode.Progress<{ message: string; increment: number }>,
  token: vscode.CancellationToken,
): Promise<Result<RotationReport, RotationRefusal>> {
  const abort = new AbortController();
  const stop = token.onCancellationRequested(() => {
    abort.abort();
  });
  try {
    return await vault.rotate({
      signal: abort.signal,
      progress: (done, total) => {
        progress.report({ message: vscode.l10n.t('{0} of {1} keys', done, total), increment: 100 / total });
      },
    });
  } finally {
    stop.dispose();
  }
}

async function notify(log: EditorLog, rotated: Result<RotationReport, RotationRefusal>): Promise<void> {
  if (!rotated.ok) {
    log.error(`The master key was not rotated. ${describeRotationRefusal(rotated.error, english)}`);
    const message = describeRotationRefusal(rotated.error, vscode.l10n);
    await vscode.window.showErrorMessage(vscode.l10n.t('The master key was not rotated. {0}', message));
    return;
  }
  const { sealed, kept, cancelled, elsewhere, kid } = rotated.value;
  log.info(
    `Rotation to master key ${kid}: ${sealed.length} keys resealed, ${kept.length} left unchanged${cancelled ? ', cancelled' : ''}.`,
  );
  for (const { provider, refusal } of kept)
    log.warn(`${provider}: ${describeVaultRefusal(refusal, english).message}`);
  if (kept.length > 0) {
    const names = kept
      .map(({ provider, refusal }) => `${provider} (${describeKeyState(refusal, vscode.l10n)})`)
      .join(', ');
    const showLog = vscode.l10n.t('Show Log');
    const chosen = await vscode.window.showWarningMessage(
      vscode.l10n.t('These keys could not be opened and were left unchanged: {0}.', names),
      showLog,
    );
    if (chosen === showLog) log.show();
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
