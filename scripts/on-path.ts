import path from 'node:path';
import process from 'node:process';
import { exists } from './cached-folder.ts';

/** The file of a command, if there is one on the PATH. */
export async function onPath(command: string): Promise<string | undefined> {
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    const file = path.join(folder, command);
    if (folder !== '' && (await exists(file))) return file;
  }
  return undefined;
}
