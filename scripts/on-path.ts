import { access, constants, stat } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

/** The file of a command, if there is one on the PATH. */
export async function onPath(command: string): Promise<string | undefined> {
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    const file = path.join(folder, command);
    if (folder !== '' && (await canBeRun(file))) return file;
  }
  return undefined;
}

async function canBeRun(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    // What the PATH names may be missing, or be no folder, or one that only somebody else may enter.
    return false;
  }
}
