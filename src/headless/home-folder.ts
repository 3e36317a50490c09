import { chmod, mkdir, readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { ProcessLock } from '../ledger/db/process-lock.ts';
import { toDisposable, type Disposable } from '../shared/disposable.ts';
import { err, ok, type Result } from '../shared/result.ts';

/** Marks a folder as headless Callguard's own. A running process holds the lock on it. */
const marker = 'headless.lock';

/** Where VS Code keeps what extensions store. */
const editorFolder = 'globalStorage';

/**
 * Makes the folder and takes it for this process, until disposed. A folder of VS Code's, or of anything else, is
 * refused: its ledger and its keys belong to the windows that use it.
 */
export async function takeHome(folder: string): Promise<Result<Disposable, string>> {
  if (isOfEditor(path.resolve(folder))) return err(ofEditor(folder));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (isOfEditor(await realpath(folder))) return err(ofEditor(folder));
  const names = await readdir(folder);
  if (names.length > 0 && !names.includes(marker)) {
    return err(
      `${folder} holds other files. Choose an empty folder, or one that headless Callguard has used.`,
    );
  }
  await chmod(folder, 0o700);
  const lock = new ProcessLock(path.join(folder, marker));
  if (!(await lock.take())) return err(`Another headless Callguard is using ${folder}.`);
  return ok(
    toDisposable(() => {
      lock.free();
    }),
  );
}

function isOfEditor(folder: string): boolean {
  return folder.split(path.sep).includes(editorFolder);
}

function ofEditor(folder: string): string {
  return `${folder} belongs to VS Code. Choose another folder.`;
}
