import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { replaceFile } from '../../shared/atomic-file.ts';

/**
 * Writes an export in one step, so that nobody reads half of it. In a remote window the user may choose a place on
 * another machine; then its path means nothing on this one.
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
    // VS Code may have deleted the earlier file already, so the new one stays under its temporary name.
    const where = vscode.l10n.t('The export was written to {0} but could not be renamed.', whole.path);
    throw new Error(where, { cause });
  }
}
