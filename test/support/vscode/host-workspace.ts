import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * The workspace of the host tests, in this folder: a `.code-workspace` file, as folders can be added to such a one
 * without a new extension host. It has one folder.
 */
export async function makeHostWorkspace(folder: string): Promise<string> {
  await mkdir(path.join(folder, 'workspace'));
  const file = path.join(folder, 'host.code-workspace');
  await writeFile(file, JSON.stringify({ folders: [{ path: 'workspace' }] }));
  return file;
}
