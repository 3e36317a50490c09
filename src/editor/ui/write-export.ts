import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { replaceFile } from '../../shared/atomic-file.ts';

/**
 * Writes what a person exports: nobody ever reads half of it. They may have chosen a place on another machine, as the
 * dialog shows those of a remote window; then its path means nothing here.
 */
export async function writeExport(target: vscode.Uri, content: string | Iterable<string>): Promise<void> {
  if (target.scheme === 'file') await replaceFile(target.fsPath, content);
  else await writeElsewhere(target, typeof content === 'string' ? content : [...content].join(''));
}

async function writeElsewhere(target: vscode.Uri, text: string): Promise<void> {
  const { fs } = vscode.workspace;
  const whole = target.with({ path: `${target.path}.${randomUUID()}.tmp` });
  await fs.writeFile(whole, new TextEncoder().encode(text));
  try {
    await fs.rename(whole, target, { overwrite: true });
  } catch (cause) {
    // VS Code may have deleted the one before already, so this one stays.
    const where = vscode.l10n.t('The export was written to {0} but could not be renamed.', whole.path);
    throw new Error(where, { cause });
  }
}
