import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';

/**
 * Writes the file in one step: whoever reads it, reads the old one or the new one. Rejects where its folder does not
 * exist. `content`: all of it, or its parts in their order. `mode`: who may read it.
 */
export async function writeWholeFile(
  file: string,
  content: string | Iterable<string>,
  mode: number,
): Promise<void> {
  const unfinished = `${file}.${randomUUID()}.tmp`;
  try {
    const handle = await open(unfinished, 'wx', mode);
    try {
      await handle.writeFile(content);
      // The umask may have taken away what was asked for.
      await handle.chmod(mode);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
